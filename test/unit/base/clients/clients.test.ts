import { deepStrictEqual, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { readDashboardMessage } from "../../../../infra/base/clients/dashboard";
import { readNetworkInfo } from "../../../../infra/base/clients/explorer";
import {
  bytes,
  simpleString,
  statusV1,
  statusV2,
  UnexpectedMessage,
} from "../../../../infra/base/clients/node/messages";
import { readPoetInfo } from "../../../../infra/base/clients/poet";
import { UserError } from "../../../../infra/base/lib/errors";
import { goDuration } from "../../../../infra/base/lib/go-duration";

const STATUS = { connectedPeers: 3, isSynced: true, syncedLayer: 14, topLayer: 14, verifiedLayer: 12 };

describe("messages of a node", () => {
  it("are read as proto-loader decodes those of v1", () => {
    const status = {
      connected_peers: "3",
      is_synced: true,
      synced_layer: { number: 14 },
      top_layer: { number: 14 },
      verified_layer: { number: 12 },
    };
    deepStrictEqual(statusV1({ status }), STATUS);
  });

  it("are read as the JSON gateway writes those of v1", () => {
    const status = {
      connectedPeers: "3",
      isSynced: true,
      syncedLayer: { number: 14 },
      topLayer: { number: 14 },
      verifiedLayer: { number: 12 },
    };
    deepStrictEqual(statusV1({ status }), STATUS);
  });

  it("leave zeros out, but not the messages around them", () => {
    const layers = { synced_layer: {}, top_layer: {}, verified_layer: {} };
    const nothing = { connectedPeers: 0, isSynced: false, syncedLayer: 0, topLayer: 0, verifiedLayer: 0 };
    deepStrictEqual(statusV1({ status: layers }), nothing);
    throws(() => statusV1({ status: { ...layers, top_layer: null } }), /no top_layer in the node's answer/);
    throws(() => statusV1({ status: null }), /no status in the node's answer/);
    throws(() => statusV1({}), UnexpectedMessage);
  });

  it("are read in v2alpha1, where the applied layer is the verified one", () => {
    const layers = { processed_layer: 14, current_layer: 14, applied_layer: 12 };
    deepStrictEqual(statusV2({ connected_peers: "3", status: "SYNC_STATUS_SYNCED", ...layers }), STATUS);
    strictEqual(statusV2({ status: "SYNC_STATUS_SYNCING", ...layers }).isSynced, false);
  });

  it("hold whole numbers only", () => {
    for (const wrong of ["some", 1.5, -1, "1e3", "", true]) {
      throws(() => statusV2({ connected_peers: wrong }), /connected_peers is not a whole number/);
    }
  });

  it("give bytes as hexadecimal, from gRPC and from JSON", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const buffer = Buffer.from(array);
        strictEqual(bytes({ genesis_id: buffer }, "genesis_id"), buffer.toString("hex"));
        strictEqual(bytes({ genesisId: buffer.toString("base64") }, "genesis_id"), buffer.toString("hex"));
      }),
    );
    throws(() => bytes({}, "genesis_id"), /no genesis_id in the node's answer \{\}/);
  });

  it("wrap strings", () => {
    strictEqual(simpleString({ version_string: { value: "v1.2.3+1" } }, "version_string"), "v1.2.3+1");
    strictEqual(simpleString({ versionString: {} }, "version_string"), "");
    throws(() => simpleString({}, "version_string"), UnexpectedMessage);
  });

  it("are a fault of the node, not of ours, when they are not what the API says", () => {
    throws(() => statusV1({}), UserError);
  });
});

describe("what a poet says of itself", () => {
  it("is its open round in the era's versions", () => {
    deepStrictEqual(readPoetInfo('{"openRoundId":"3","executingRoundsIds":["1","2"],"servicePubKey":"a=="}'), {
      kind: "rounds",
      openRound: "3",
      executing: ["1", "2"],
    });
    deepStrictEqual(readPoetInfo('{"openRoundId":"0"}'), { kind: "rounds", openRound: "0", executing: [] });
  });

  it("is its phases from 0.10 on", () => {
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
    it(`is nothing in ${body || "an empty answer"}`, () => throws(() => readPoetInfo(body), UserError));
  }
});

describe("Go durations", () => {
  it("are read back from what Go writes", () => {
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
    it(`count ${text} as ${seconds} seconds`, () => strictEqual(goDuration(text).toFixed(9), seconds.toFixed(9)));
  }

  for (const text of ["", "12", "1d", "1h ", "h", "1h30", "-", "1 h", "1h-30m", ".s"]) {
    it(`are not "${text}"`, () => throws(() => goDuration(text), /is not a duration: Go writes it like 1h30m0s/));
  }
});

describe("the dashboard's first message", () => {
  it("names the network", () => {
    deepStrictEqual(readDashboardMessage('{"network":"0x9eeb","genesis":1700000000,"layer":7}'), {
      network: "9eeb",
      genesis: 1_700_000_000,
    });
  });

  for (const text of ["null", "{}", '{"network":7}', "hello"]) {
    it(`is not ${text}`, () => throws(() => readDashboardMessage(text), UserError));
  }
});

describe("network-info of the explorer", () => {
  const info = { network: { genesisid: "0x9eeb", genesis: 1_700_000_000, lastlayer: 7 } };

  it("names the network and the newest layer", () => {
    deepStrictEqual(readNetworkInfo({ status: 200, body: JSON.stringify(info) }), {
      genesisId: "9eeb",
      genesis: 1_700_000_000,
      layer: 7,
    });
  });

  const refused: [string, number, string, RegExp][] = [
    ["another status", 500, "not collected yet", /the explorer answers 500: not collected yet/],
    ["a network without genesis", 200, '{"network":{}}', /names no network/],
    ["no network", 200, "{}", /names no network/],
    ["null", 200, "null", /does not answer with a JSON object: null/],
    ["a page in place of JSON", 200, "<html>", /does not answer with a JSON object: <html>/],
  ];
  for (const [what, status, body, message] of refused) {
    it(`is not ${what}`, () =>
      throws(
        () => readNetworkInfo({ status, body }),
        (error) => error instanceof UserError && message.test(error.message),
      ));
  }
});
