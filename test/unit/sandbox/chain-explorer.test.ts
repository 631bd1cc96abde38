import { deepStrictEqual, strictEqual } from "node:assert";
import { dashMessage } from "../../../sandbox/chain/explorer/dash-message";
import { explorerAnswer } from "../../../sandbox/chain/explorer/explorer-routes";
import type { Database } from "../../../sandbox/chain/explorer/mongo";
import { epochRecord, layerRecord, networkInfo } from "../../../sandbox/chain/explorer/records";

const parameters = { genesisid: "00ff", genesis: 1_700_000_000, layers: 4, maxtx: 25, duration: 30 };

/** The database of a network at a layer. */
function database(top: number, issynced = true): Database {
  const progress = { connectedpeers: 3, issynced, syncedlayer: top, toplayer: top, verifiedlayer: top - 2 };
  const layers = new Map(
    Array.from({ length: top + 1 }, (_, number) => {
      const status = number > top - 2 ? "LAYER_STATUS_UNSPECIFIED" : "LAYER_STATUS_CONFIRMED";
      return [number, layerRecord(parameters, { number, status, hash: Buffer.alloc(32, number) })];
    }),
  );
  const epochs = new Map([0, 1, 2].map((number) => [number, epochRecord(parameters, number)]));
  return { networkInfo: networkInfo(parameters, progress), layers, epochs };
}

const get = (path: string, data: Database | undefined = database(9)) =>
  explorerAnswer(data, new URL(path, "http://explorer"));

const numbers = (body: object | string) => (body as { data: { number: number }[] }).data.map(({ number }) => number);

describe("explorerAnswer", () => {
  it("returns the network with its current layer and epoch", () => {
    const { status, body } = get("/network-info");
    strictEqual(status, 200);
    const { network, layer, epoch } = body as { network: object; layer: object; epoch: object };
    deepStrictEqual(network, {
      ...parameters,
      connectedpeers: 3,
      issynced: true,
      syncedlayer: 9,
      toplayer: 9,
      verifiedlayer: 7,
      lastlayer: 9,
      lastlayerts: 1_700_000_270,
      lastapprovedlayer: 7,
      lastconfirmedlayer: 7,
    });
    deepStrictEqual(numbers({ data: [layer, epoch] }), [9, 2]);
  });

  it("lists layers in pages, newest first", () => {
    const { body } = get("/layers?page=2&pagesize=4");
    deepStrictEqual(numbers(body), [5, 4, 3, 2]);
    deepStrictEqual((body as { pagination: object }).pagination, {
      totalCount: 10,
      pageCount: 2,
      perPage: 4,
      next: 3,
      hasNext: true,
      hasPrevious: true,
      current: 2,
      previous: 1,
    });
  });

  it("returns one layer, one epoch, and an epoch's layers", () => {
    deepStrictEqual(get("/layers/5").body, {
      data: [
        {
          number: 5,
          status: 2,
          txs: 0,
          start: 1_700_000_150,
          end: 1_700_000_179,
          txsamount: 0,
          rewards: 0,
          epoch: 1,
          hash: "05".repeat(32),
          blocksnumber: 0,
        },
      ],
    });
    deepStrictEqual(numbers(get("/epochs/2").body), [2]);
    deepStrictEqual(numbers(get("/epochs/1/layers").body), [7, 6, 5, 4]);
  });

  it("returns empty lists for collections that the simulated chain does not fill", () => {
    deepStrictEqual(
      ["/smeshers", "/txs", "/accounts", "/layers/3/txs"].map((path) => numbers(get(path).body)),
      [[], [], [], []],
    );
  });

  it("answers 404 to unknown paths and layers", () => {
    deepStrictEqual(
      ["/", "/layers/99", "/layers/x", "/blocks/1", "/layers/1/2/3"].map((path) => get(path).status),
      [404, 404, 404, 404, 404],
    );
  });

  it("answers 425 while the node syncs", () => {
    deepStrictEqual(get("/synced", database(9, false)), { status: 425, body: "SYNCING" });
    deepStrictEqual(get("/synced"), { status: 200, body: "SYNCED" });
  });

  it("answers 500 before the collector stores data, and 503 without a database", () => {
    strictEqual(get("/network-info", { layers: new Map(), epochs: new Map() }).status, 500);
    strictEqual(explorerAnswer(undefined, new URL("http://explorer/healthz")).status, 503);
  });
});

describe("dashMessage", () => {
  it("contains the network's parameters and its progress", () => {
    const message = dashMessage(database(9), 1_700_000_275_000) as { [field: string]: unknown };
    const figures = Object.entries(message).filter(([, value]) => typeof value !== "object");
    deepStrictEqual(Object.fromEntries(figures), {
      network: "00ff",
      age: 275,
      layer: 9,
      epoch: 2,
      genesis: 1_700_000_000,
      epochnumlayers: 4,
      layerduration: 30,
      maxcapacity: 25,
      lastlayer: 9,
      lastlayerts: 1_700_000_270,
      lastapprovedlayer: 7,
      lastconfirmedlayer: 7,
      issynced: true,
      syncedlayer: 9,
      toplayer: 9,
      verifiedlayer: 7,
      capacity: 0,
      decentral: 0,
    });
  });

  it("puts the finished epochs last in its charts", () => {
    const { smeshers } = dashMessage(database(9), 1_700_000_275_000) as { smeshers: { epoch: number; age: number }[] };
    strictEqual(smeshers.length, 50);
    deepStrictEqual(
      smeshers.slice(-2).map(({ epoch, age }) => [epoch, age]),
      [
        [0, 275],
        [1, 155],
      ],
    );
  });

  it("is undefined before the collector stores data", () => {
    strictEqual(dashMessage({ layers: new Map(), epochs: new Map() }, 0), undefined);
  });
});
