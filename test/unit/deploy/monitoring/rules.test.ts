import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOf } from "../../../../infra/deploy/monitoring/bytes";
import { firstBlocks, scrapePause } from "../../../../infra/deploy/monitoring/network";
import { alertsOf, rulesText } from "../../../../infra/deploy/monitoring/rules";
import { NETWORK, TRIALS } from "../../../support/alerts/trials";

const GOLDEN = join(__dirname, "../../../golden/rules.yml");

describe("alertsOf", () => {
  it("has a trial that fires and one that does not for each alert", () => {
    const tried = (fires: boolean) => TRIALS.filter((trial) => trial.fires.length > 0 === fires);
    const names = new Set(alertsOf(NETWORK).map(({ name }) => name));
    for (const fires of [true, false]) {
      assert.deepStrictEqual(new Set(tried(fires).map(({ alert }) => alert)), names, `fires: ${fires}`);
    }
  });

  it("names each alert once", () => {
    const names = alertsOf(NETWORK).map(({ name }) => name);
    assert.strictEqual(new Set(names).size, names.length);
  });

  it("asks nodes of the era of go-spacecraft only whether they answer", () => {
    const names = alertsOf({ ...NETWORK, driver: "spacecraft", hasTap: false }).map(({ name }) => name);
    assert.deepStrictEqual(names, ["NodesDown", "TargetDown", "GatewayDown", "Restarts", "WatcherGone"]);
  });

  it("leaves out what there is none of: the disk's size, the watcher and the tap", () => {
    const { nodeDisk, watcher, ...network } = NETWORK;
    const names = alertsOf({ ...network, hasTap: false }).map(({ name }) => name);
    assert.ok(nodeDisk && watcher);
    for (const name of ["DiskFull", "WatcherGone", "TapLow", "TapDown"]) assert.ok(!names.includes(name), name);
  });
});

describe("docs/monitoring.md", () => {
  it("lists all alerts with their severity, in the order of the rules", () => {
    const page = readFileSync(join(__dirname, "../../../../docs/monitoring.md"), "utf8");
    const listed = [...page.matchAll(/^\| `(\w{1,40})` \| (page|ticket) \|/gm)].map(([, name, severity]) => [
      name,
      severity,
    ]);
    assert.deepStrictEqual(
      listed,
      alertsOf(NETWORK).map(({ name, severity }) => [name, severity]),
    );
  });
});

describe("firstBlocks", () => {
  it("comes two epochs after genesis, and a third one later without a first beacon", () => {
    assert.strictEqual(firstBlocks({ ...NETWORK, genesis: 1000 }), 1600);
    assert.strictEqual(firstBlocks({ ...NETWORK, genesis: 1000, hasFirstBeacon: false }), 1900);
  });
});

describe("scrapePause", () => {
  it("is a quarter of a layer, from one second to half a minute", () => {
    assert.deepStrictEqual(
      [2, 5, 60, 300].map((layerDuration) => scrapePause({ ...NETWORK, layerDuration })),
      [1, 1, 15, 30],
    );
  });
});

describe("bytesOf", () => {
  it("reads Kubernetes' units, and nothing else", () => {
    assert.strictEqual(bytesOf("10Gi"), 10 * 2 ** 30);
    assert.strictEqual(bytesOf("500M"), 5e8);
    assert.strictEqual(bytesOf("1024"), 1024);
    for (const wrong of ["", "Gi", "1.5Gi", "10i", "10 Gi"]) assert.strictEqual(bytesOf(wrong), undefined, wrong);
  });
});

describe("rulesText", () => {
  it("is test/golden/rules.yml (UPDATE_GOLDEN=1 npx mocha test/unit/deploy/monitoring/rules.test.ts rewrites it)", () => {
    const text = rulesText(NETWORK);
    if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, text);
    assert.strictEqual(text, readFileSync(GOLDEN, "utf8"));
  });
});
