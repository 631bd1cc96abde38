import { deepStrictEqual, strictEqual } from "node:assert";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { networkEndpoints } from "../../../../infra/base/model/endpoints";
import type { NetworkFacts } from "../../../../infra/base/model/network-facts";
import {
  besideApis,
  explorerAt,
  poetAt,
  type ServiceCalls,
  servicesAnswer,
} from "../../../../infra/base/observe/services";
import { refusesLater } from "../../../support/errors";

const NAMES = { zone: "example.org", subdomain: "net", tls: true, port: 443 };
const ADDRESS = "203.0.113.80";
const GENESIS = 1_767_225_600;
const facts: NetworkFacts = {
  tag: "v1.2.3+1",
  cluster: "v1-2-3-1",
  genesisTime: new Date(GENESIS * 1000).toISOString(),
  layerDuration: 30,
  layersPerEpoch: 4,
  netId: 7,
  nodes: [],
  poets: [],
  nodeConfig: "{}",
};
const endpoints = networkEndpoints(parseBuildTag(facts.tag), 1, NAMES);
/** A channel's names have a tap whatever network is behind them, and so have those of the tests. */
const TAP = "https://tap.example.org/";
const [poetUrl = ""] = endpoints.poets;

const explorerBody = (network: object = {}): string =>
  JSON.stringify({ network: { genesisid: "9eeb", genesis: GENESIS, lastlayer: 3, ...network } });

/** Services that answer, but for what a test changes: bodies by the beginning of a URL, or a status. */
const services = (
  changes: Readonly<Record<string, { status?: number; body?: string }>> = {},
  more: Partial<ServiceCalls> = {},
): ServiceCalls => ({
  grpc: async () => "9eeb",
  async http(url) {
    const body = url.startsWith(endpoints.explorerApi) ? explorerBody() : '{"phaseShift":"30s","cycleGap":"10s"}';
    const [, change = {}] = Object.entries(changes).find(([start]) => url.startsWith(start)) ?? [];
    return { status: 200, headers: {}, body, ...change };
  },
  dashboard: async () => ({ network: "9eeb", genesis: GENESIS }),
  ...more,
});

/** Waits by a clock on which seconds pass at once. */
function answer(calls: ServiceCalls, of: NetworkFacts = facts): Promise<string> {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (seconds: number) => {
      now += seconds * 1000;
    },
  };
  return servicesAnswer(
    { endpoints: { ...endpoints, tap: TAP }, facts: of, address: ADDRESS },
    10,
    runWith({ clock }),
    calls,
  );
}

describe("servicesAnswer", () => {
  it("refuses nodes of another genesis than the one that the driver computed, and awaits nothing more", async () => {
    const own = { endpoints, facts: { ...facts, genesisId: "080e" }, address: ADDRESS };
    const asked = servicesAnswer(own, 10, runWith(), services());
    await refusesLater(asked, "GenesisDiffers", { names: [new URL(endpoints.grpc).host, "9eeb", "080e"] });
    strictEqual(
      await servicesAnswer({ ...own, facts: { ...facts, genesisId: "9EEB" } }, 10, runWith(), services()),
      "9eeb",
    );
  });

  it("gives the genesis id of the nodes once every service answers for the network", async () => {
    strictEqual(await answer(services()), "9eeb");
  });

  const faults: [string, ServiceCalls, string[]][] = [
    [
      "gRPC is silent",
      services({}, { grpc: () => Promise.reject(new UserError("NodeSilent", "It is silent.", "Check it.")) }),
      ["gRPC", "It is silent."],
    ],
    ["the JSON API answers 502", services({ [endpoints.json]: { status: 502, body: "" } }), ["JSON API", "502"]],
    [
      "the explorer shows another network",
      services({ [endpoints.explorerApi]: { body: explorerBody({ genesisid: "0bad" }) } }),
      ["the explorer", "0bad", "9eeb"],
    ],
    [
      "the explorer has no layers",
      services({ [endpoints.explorerApi]: { body: explorerBody({ lastlayer: 0 }) } }),
      ["the explorer", "no layers"],
    ],
    [
      "the dashboard shows another genesis time",
      services({}, { dashboard: async () => ({ network: "9eeb", genesis: 1 }) }),
      ["the dashboard", " at 1,", `${GENESIS}`],
    ],
    ["a poet answers 500", services({ [poetUrl]: { status: 500 } }), [poetUrl, "500"]],
  ];
  for (const [fault, calls, names] of faults) {
    it(`times out when ${fault}`, () => refusesLater(answer(calls), "WaitTimedOut", { names: ["10 s", ...names] }));
  }
});

describe("one service at an address", () => {
  it("gives what the explorer or the poet reports", async () => {
    deepStrictEqual(await explorerAt(endpoints, ADDRESS, services()), {
      genesisId: "9eeb",
      genesis: GENESIS,
      layer: 3,
    });
    deepStrictEqual(await poetAt(poetUrl, ADDRESS, services()), { kind: "phases", phaseShift: 30, cycleGap: 10 });
  });

  it("fails with the URL and the status of any other answer", async () => {
    const calls = services({ [poetUrl]: { status: 500 }, [endpoints.explorerApi]: { status: 500 } });
    await refusesLater(poetAt(poetUrl, ADDRESS, calls), "ServiceSilent", { names: [poetUrl, "500"] });
    await refusesLater(explorerAt(endpoints, ADDRESS, calls), "AnswerUnexpected", { names: ["explorer", "500"] });
  });
});

describe("servicesAnswer of a network of today", () => {
  const today: NetworkFacts = { ...facts, driver: "kubernetes" };
  const list = (netName: string) => JSON.stringify([{ netName }]);
  const overview = `${endpoints.explorerApi}overview`;
  const healthy = {
    [overview]: { body: '{"layers_count":7,"accounts_count":1}' },
    [`${endpoints.explorer}networks.json`]: { body: list(facts.tag) },
    [`${endpoints.dash}networks.json`]: { body: list(facts.tag) },
  };
  const noDashboard = { dashboard: () => Promise.reject(new Error("nobody asks for a WebSocket")) };

  it("asks for the statistics and for the lists of both frontends, and for no WebSocket", async () => {
    strictEqual(await answer(services(healthy, noDashboard), today), "9eeb");
  });

  const faults: [string, NonNullable<Parameters<typeof services>[0]>, string[]][] = [
    ["the statistics API has no layers", { [overview]: { body: '{"layers_count":0}' } }, ["the explorer", "no layers"]],
    ["the statistics API has no database", { [overview]: { status: 500, body: "" } }, ["the explorer", "500"]],
    ["it answers something else", { [overview]: { body: '{"data":[]}' } }, ["the explorer", "a number of layers"]],
    [
      "the explorer is told of another network",
      { [`${endpoints.explorer}networks.json`]: { body: list("v9.9.9+1") } },
      ["the explorer", "v9.9.9+1", facts.tag],
    ],
    [
      "the explorer's list is empty",
      { [`${endpoints.explorer}networks.json`]: { body: "[]" } },
      ["a list of networks"],
    ],
    ["the dashboard has no list", { [`${endpoints.dash}networks.json`]: { status: 404 } }, ["the dashboard", "404"]],
    ["the dashboard is not served", { [`${endpoints.dash}`]: { status: 502 } }, ["the dashboard", "502"]],
  ];
  for (const [fault, changes, names] of faults) {
    it(`times out when ${fault}`, () =>
      refusesLater(answer(services({ ...changes, ...without(healthy, changes) }, noDashboard), today), "WaitTimedOut", {
        names,
      }));
  }
});

describe("servicesAnswer of a network with a tap", () => {
  const tapped: NetworkFacts = { ...facts, tap: "stest1ours" };
  const status = `${TAP}api/status`;

  it("asks the tap, whose account genesis filled", async () =>
    strictEqual(await answer(services({ [status]: { body: '{"account":"stest1ours"}' } }), tapped), "9eeb"));

  it("asks no tap where the network has none, whatever its names say", async () =>
    strictEqual(await answer(services({ [TAP]: { status: 404 } })), "9eeb"));

  for (const [fault, change, names] of [
    ["is not served", { status: 502 }, ["the tap", "502"]],
    ["gives from another account", { body: '{"account":"stest1other"}' }, ["the tap", "stest1other", "stest1ours"]],
    ["says nothing", { body: "{}" }, ["the tap", "answers 200"]],
  ] as const)
    it(`times out when the tap ${fault}`, () =>
      refusesLater(answer(services({ [status]: change }), tapped), "WaitTimedOut", { names: [...names] }));
});

/** A record without the keys of another. */
const without = <T>(all: Readonly<Record<string, T>>, keys: object): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !(key in keys)));

describe("what answers beside the APIs", () => {
  const looks = async (calls: ServiceCalls) =>
    Promise.all(besideApis(endpoints, ADDRESS, calls).map(async ([what, look]) => [what, await look()]));

  it("are the pages of explorer and dashboard, and each poet", async () =>
    deepStrictEqual(await looks(services()), [
      [endpoints.explorer, { value: true }],
      [endpoints.dash, { value: true }],
      [poetUrl, { value: true }],
    ]));

  it("is not there while one answers an error, or its certificate is of another name", async () => {
    const [, dash] = await looks(services({ [endpoints.dash]: { status: 502 } }));
    deepStrictEqual(dash, [endpoints.dash, { seen: "it answers 502" }]);
    await refusesLater(looks(services({ [poetUrl]: { status: 502 } })), "ServiceSilent", { names: [poetUrl] });
    const untrusted = new UserError("ServiceSilent", `${endpoints.explorer} does not answer.`, "");
    const http = async (url: string) =>
      url === endpoints.explorer ? Promise.reject(untrusted) : services().http(url, "");
    await refusesLater(looks(services({}, { http })), "ServiceSilent", { names: [endpoints.explorer] });
  });
});
