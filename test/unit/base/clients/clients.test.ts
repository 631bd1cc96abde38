import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { readDashboardMessage } from "../../../../infra/base/clients/dashboard";
import { readNetworkInfo } from "../../../../infra/base/clients/explorer";
import { bytes, rootV1, rootV2, simpleString, statusV1, statusV2 } from "../../../../infra/base/clients/node/messages";
import { readPoetInfo } from "../../../../infra/base/clients/poet";
import { goDuration } from "../../../../infra/base/lib/go-duration";
import { parsedObject } from "../../../../infra/base/lib/json";
import { refuses } from "../../../support/errors";

const STATUS = { connectedPeers: 3, isSynced: true, syncedLayer: 14, topLayer: 14, verifiedLayer: 12 };

/** Checks that a message is refused as one that a node must not send. */
const unexpected = (act: () => unknown, ...names: string[]): void => refuses(act, "NodeAnswerUnexpected", { names });

describe("a node's message", () => {
  it("is read in v1 as proto-loader decodes it", () => {
    const status = {
      connected_peers: "3",
      is_synced: true,
      synced_layer: { number: 14 },
      top_layer: { number: 14 },
      verified_layer: { number: 12 },
    };
    deepStrictEqual(statusV1({ status }), STATUS);
  });

  it("is read in v1 as the JSON gateway writes it", () => {
    const status = {
      connectedPeers: "3",
      isSynced: true,
      syncedLayer: { number: 14 },
      topLayer: { number: 14 },
      verifiedLayer: { number: 12 },
    };
    deepStrictEqual(statusV1({ status }), STATUS);
  });

  it("may lack zeros, but not the messages around them", () => {
    const layers = { synced_layer: {}, top_layer: {}, verified_layer: {} };
    const nothing = { connectedPeers: 0, isSynced: false, syncedLayer: 0, topLayer: 0, verifiedLayer: 0 };
    deepStrictEqual(statusV1({ status: layers }), nothing);
    unexpected(() => statusV1({ status: { ...layers, top_layer: null } }), "no top_layer");
    unexpected(() => statusV1({ status: null }), "no status");
    unexpected(() => statusV1({}), "no status");
  });

  it("is read in v2alpha1 and v2beta1, with the applied layer as the verified one and the latest as the synced", () => {
    const layers = { latest_layer: 14, processed_layer: 3, current_layer: 14, applied_layer: 12 };
    deepStrictEqual(statusV2({ connected_peers: "3", status: "SYNC_STATUS_SYNCED", ...layers }), STATUS);
    strictEqual(statusV2({ status: "SYNC_STATUS_SYNCING", ...layers }).isSynced, false);
  });

  it("is read as go-spacemesh 1.8.3 writes it before its effective genesis, alike in v1 and v2", () => {
    const early = { connectedPeers: 0, isSynced: true, syncedLayer: 19, topLayer: 0, verifiedLayer: 19 };
    const v1 =
      '{"status":{"connectedPeers":"0","isSynced":true,"syncedLayer":{"number":19},"topLayer":{"number":0},' +
      '"verifiedLayer":{"number":19}}}';
    deepStrictEqual(statusV1(parsedObject(v1) ?? {}), early);
    const v2 =
      '{"connectedPeers":"0","status":"SYNC_STATUS_SYNCED","latestLayer":19,"appliedLayer":19,"processedLayer":19,' +
      '"currentLayer":1}';
    deepStrictEqual(statusV2(parsedObject(v2) ?? {}), { ...early, topLayer: 1 });
  });

  it("gives the state root of a layer, or none for zeros, a layer without a block, and one not there", () => {
    const hash = Buffer.alloc(32, 7);
    const v1 = (layer: object) => rootV1({ layer: [{ number: { number: 24 }, ...layer }] });
    const v2 = (layer: object) => rootV2({ layers: [{ number: 24, ...layer }] }, 24);
    strictEqual(v1({ status: "LAYER_STATUS_CONFIRMED", rootStateHash: hash.toString("base64") }), hash.toString("hex"));
    const cumulative = { cumulative_state_hash: Buffer.alloc(32, 9) };
    strictEqual(v2({ status: "LAYER_STATUS_VERIFIED", state_hash: hash, ...cumulative }), hash.toString("hex"));
    const empty = [v1({}), v2({}), v1({ root_state_hash: Buffer.alloc(32) }), v2({ state_hash: Buffer.alloc(32) })];
    deepStrictEqual([...empty, rootV1({}), rootV2({}, 24)], ["", "", "", "", "", ""]);
    strictEqual(rootV2({ layers: [{ number: 25, state_hash: hash }] }, 24), "");
    unexpected(() => rootV2({ layers: [{ number: "many" }] }, 24), "no whole number in number");
  });

  it("is refused when a number is not whole", () => {
    for (const wrong of ["some", 1.5, -1, "1e3", "", true]) {
      unexpected(() => statusV2({ connected_peers: wrong }), "no whole number in connected_peers");
    }
  });

  it("gives bytes as hexadecimal, from gRPC and from JSON", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const buffer = Buffer.from(array);
        strictEqual(bytes({ genesis_id: buffer }, "genesis_id"), buffer.toString("hex"));
        strictEqual(bytes({ genesisId: buffer.toString("base64") }, "genesis_id"), buffer.toString("hex"));
      }),
    );
    unexpected(() => bytes({}, "genesis_id"), "no genesis_id", "{}");
  });

  it("wraps strings", () => {
    strictEqual(simpleString({ version_string: { value: "v1.2.3+1" } }, "version_string"), "v1.2.3+1");
    strictEqual(simpleString({ versionString: {} }, "version_string"), "");
    unexpected(() => simpleString({}, "version_string"), "no version_string");
  });
});

describe("readPoetInfo", () => {
  it("reads the rounds that a poet of 2021 reports", () => {
    deepStrictEqual(readPoetInfo('{"openRoundId":"3","executingRoundsIds":["1","2"],"servicePubKey":"a=="}'), {
      kind: "rounds",
      openRound: "3",
      executing: ["1", "2"],
    });
    deepStrictEqual(readPoetInfo('{"openRoundId":"0"}'), { kind: "rounds", openRound: "0", executing: [] });
  });

  it("reads the phases that a poet reports from 0.10 on", () => {
    deepStrictEqual(readPoetInfo('{"servicePubkey":"a==","phaseShift":"17h0m0s","cycleGap":"2h0m0s"}'), {
      kind: "phases",
      phaseShift: 61_200,
      cycleGap: 7_200,
    });
  });

  for (const body of [
    '{"openRoundId":""}',
    "{}",
    "null",
    "[]",
    "<html>",
    "",
    '{"phaseShift":"soon","cycleGap":"1s"}',
  ]) {
    it(`refuses ${body || "an empty answer"}`, () =>
      refuses(() => readPoetInfo(body), body.includes("soon") ? "DurationInvalid" : "AnswerUnexpected"));
  }
});

describe("goDuration", () => {
  it("reads back any duration that Go writes", () => {
    const part = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(part(100_000), part(59), part(59), (hours, minutes, seconds) => {
        strictEqual(goDuration(`${hours}h${minutes}m${seconds}s`), hours * 3600 + minutes * 60 + seconds);
      }),
    );
  });

  const examples: [string, number][] = [
    ["0", 0],
    ["0s", 0],
    ["1.5h", 5400],
    ["300ms", 0.3],
    ["12\u00b5s", 12e-6],
    ["12\u03bcs", 12e-6],
    ["-1m30s", -90],
    [".5s", 0.5],
  ];
  for (const [text, seconds] of examples) {
    it(`reads ${text} as ${seconds} s`, () => strictEqual(goDuration(text).toFixed(9), seconds.toFixed(9)));
  }

  for (const text of ["", "12", "1d", "1h ", "h", "1h30", "-", "1 h", "1h-30m", ".s"]) {
    it(`refuses "${text}"`, () =>
      refuses(() => goDuration(text), "DurationInvalid", { names: [`"${text}"`, "1h30m0s"] }));
  }
});

describe("goDuration of a text of 10,000 characters", () => {
  for (const text of ["1".repeat(10_000), ".1".repeat(5_000), "1h".repeat(5_000), `${"1".repeat(10_000)}h`]) {
    it(`refuses ${text.slice(0, 4)}... at once, and shows its start`, () => {
      const start = performance.now();
      refuses(() => goDuration(text), "DurationInvalid", { names: [text.slice(0, 100)] });
      refuses(() => readPoetInfo(JSON.stringify({ phaseShift: text, cycleGap: "1s" })), "DurationInvalid");
      ok(performance.now() - start < 200);
    });
  }
});

describe("readDashboardMessage", () => {
  it("reads the network", () => {
    deepStrictEqual(readDashboardMessage('{"network":"0x9eeb","genesis":1700000000,"layer":7}'), {
      network: "9eeb",
      genesis: 1_700_000_000,
      layer: 7,
    });
    deepStrictEqual(readDashboardMessage('{"network":"9eeb","genesis":"1700000000","layer":null}'), {
      network: "9eeb",
      genesis: 1_700_000_000,
    });
  });

  for (const text of ["null", "{}", '{"network":7}', "hello"]) {
    it(`refuses ${text}`, () =>
      refuses(() => readDashboardMessage(text), "AnswerUnexpected", { names: ["the dashboard", text] }));
  }
});

describe("readNetworkInfo", () => {
  const info = { network: { genesisid: "0x9eeb", genesis: 1_700_000_000, lastlayer: 7 } };

  it("reads the network and its newest layer", () => {
    deepStrictEqual(readNetworkInfo({ status: 200, body: JSON.stringify(info) }), {
      genesisId: "9eeb",
      genesis: 1_700_000_000,
      layer: 7,
    });
  });

  it("reads numbers that are written as text, and no layer as the first", () => {
    const text = { network: { genesisid: "9eeb", genesis: "1700000000", lastlayer: "7" } };
    deepStrictEqual(readNetworkInfo({ status: 200, body: JSON.stringify(text) }).layer, 7);
    const none = { network: { genesisid: "9eeb", genesis: 1_700_000_000 } };
    deepStrictEqual(readNetworkInfo({ status: 200, body: JSON.stringify(none) }).layer, 0);
  });

  const refused: [string, number, string, string[]][] = [
    ["another status", 500, "not collected yet", ["500", "not collected yet"]],
    ["a network without genesis", 200, '{"network":{}}', ["a network"]],
    ["no network", 200, "{}", ["a network"]],
    ["null", 200, "null", ["a JSON object", "null"]],
    ["a page in place of JSON", 200, "<html>", ["a JSON object", "<html>"]],
  ];
  for (const [what, status, body, names] of refused) {
    it(`refuses ${what}`, () =>
      refuses(() => readNetworkInfo({ status, body }), "AnswerUnexpected", { names: ["the explorer", ...names] }));
  }
});
