import { deepStrictEqual, match, strictEqual } from "node:assert";
import { parseBuildTag } from "../../../../../infra/base/model/build-tag";
import { networkSpec } from "../../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../../infra/base/model/versions";
import { NOT_FOR_SPACECRAFT, withoutPasswords } from "../../../../../infra/deploy/network/spacecraft/cli";
import { cliConfig, nodeConfig } from "../../../../../infra/deploy/network/spacecraft/cli-config";
import {
  type ClusterFound,
  type Progress,
  planDown,
  planUp,
} from "../../../../../infra/deploy/network/spacecraft/plan";
import { spacecraftSpec } from "../../../../../infra/deploy/network/spacecraft/spec";
import { settingsWith } from "../../../../support/settings";

const tag = parseBuildTag("v1.2.3+1");
const settings = settingsWith({ miners: 10, poets: 1 });
const spec = spacecraftSpec(networkSpec(tag, settings, versionsOf(tag, settings.versions)));

const whole: Progress = { miners: 10, readyMiners: 10, poets: 1, readyPoets: 1, missing: [] };
const half: Progress = { ...whole, readyMiners: 4, missing: ["4 of 10 miners ready"] };

/** A cluster that is there; ours, running and whole unless changed. */
const cluster = (changes: Partial<Extract<ClusterFound, { cluster: "present" }>> = {}): ClusterFound => ({
  cluster: "present",
  status: "RUNNING",
  createTime: "2026-01-01T00:10:00Z",
  marker: "v1.2.3+1",
  intent: "2026-01-01T00:09:00Z",
  progress: whole,
  ...changes,
});

describe("plan of a network", () => {
  const up: [string, ClusterFound, string][] = [
    ["creates it when there is no cluster", { cluster: "absent" }, "create"],
    ["adopts it when it is complete and ours", cluster(), "adopt"],
    ["replaces it when it is half-made and ours", cluster({ progress: half }), "replace"],
    [
      "replaces one that we were about to create and could not mark",
      cluster({ marker: undefined, progress: half }),
      "replace",
    ],
    ["replaces ours when its API server does not answer", cluster({ progress: undefined }), "replace"],
    ["waits for the end of a deletion", cluster({ status: "STOPPING", progress: undefined }), "await"],
    [
      "waits for a cluster that an ended run began to create",
      cluster({ status: "PROVISIONING", marker: undefined }),
      "await",
    ],
    ["waits for the end of a repair before it replaces", cluster({ status: "RECONCILING", progress: half }), "await"],
    ["adopts a complete one that is being repaired", cluster({ status: "RECONCILING" }), "adopt"],
    [
      "knows the recorded one, also when it cannot be asked",
      cluster({ marker: undefined, intent: undefined, progress: undefined, standing: "2026-01-01T00:10:00Z" }),
      "replace",
    ],
    [
      "refuses one of which no time of creation is known, neither by us nor by GKE",
      cluster({ marker: undefined, intent: undefined, standing: undefined, createTime: undefined as never }),
      "refuse",
    ],
    [
      "refuses one with an empty time of creation, also after we recorded that we would create it",
      cluster({ marker: undefined, standing: "", createTime: "" }),
      "refuse",
    ],
    ["refuses one with an empty marker", cluster({ marker: "" }), "refuse"],
    [
      "knows the recorded one by its time in another form",
      cluster({ marker: undefined, intent: undefined, progress: undefined, standing: "2026-01-01T01:10:00+01:00" }),
      "replace",
    ],
    [
      "refuses another than the recorded one",
      cluster({ marker: undefined, intent: undefined, standing: "2026-01-01T00:09:00Z" }),
      "refuse",
    ],
    ["refuses a cluster of another tag", cluster({ marker: "v1.2.3+2" }), "refuse"],
    ["refuses a cluster without a mark or an intent", cluster({ marker: undefined, intent: undefined }), "refuse"],
    [
      "refuses a cluster that existed before our intent",
      cluster({ marker: undefined, intent: "2026-01-01T00:11:00Z" }),
      "refuse",
    ],
    [
      "refuses to change the size of a running network",
      cluster({ progress: { ...whole, miners: 12, readyMiners: 12 } }),
      "refuse",
    ],
  ];
  for (const [behaviour, found, action] of up) {
    it(behaviour, () => strictEqual(planUp(found, spec).action, action));
  }

  it("says whose a foreign cluster is", () => {
    match(planUp(cluster({ marker: "v9.9.9+9" }), spec).why, /belongs to v9\.9\.9\+9/);
  });

  it("removes only what is ours", () => {
    strictEqual(planDown(cluster(), spec).action, "replace");
    strictEqual(planDown(cluster({ progress: half }), spec).action, "replace");
    strictEqual(planDown(cluster({ status: "RECONCILING" }), spec).action, "await");
    strictEqual(planDown(cluster({ marker: "v9.9.9+9" }), spec).action, "refuse");
    strictEqual(planDown({ cluster: "absent" }, spec).action, "adopt");
  });
});

describe("config for go-spacecraft", () => {
  it("holds every setting that a flag could lose, and no Cloudflare token", () => {
    const config = cliConfig(spec, "/tmp/node.json");
    strictEqual(config["network-name"], "v1-2-3-1");
    strictEqual(config["go-sm-image"], "spacemeshos/go-spacemesh:v1.2.3-b1");
    strictEqual(config["go-sm-config"], "/tmp/node.json");
    strictEqual("cloudflare-api-token" in config, false);
  });

  it("asks for no more poet gateways than there are miners", () => {
    strictEqual(cliConfig({ ...spec, miners: 3 }, "f")["poet-gateway-amount"], 3);
  });

  it("gives the node config the numbers that go-spacecraft reads only after the cluster is paid for", () => {
    const { main, p2p } = nodeConfig(spec) as { main: Record<string, number>; p2p: Record<string, number> };
    deepStrictEqual([main["layer-duration-sec"], main["layers-per-epoch"]], [300, 288]);
    strictEqual(Number.isInteger(p2p["network-id"]), true);
  });
});

describe("go-spacecraft", () => {
  it("prints Kibana's password, which is left out", () => {
    strictEqual(withoutPasswords("Kibana Password: s3cret with spaces"), "Kibana Password: ***");
    strictEqual(withoutPasswords("creating miner-1 pvc"), "creating miner-1 pvc");
  });

  it("gets no variable in its environment by which it could write our records", () => {
    const names = ["PATH", "CLOUDFLARE_BASE_URL", "SPACECRAFT_CLOUDFLARE_API_TOKEN", "PULUMI_BACKEND_URL"];
    deepStrictEqual(
      names.filter((name) => !NOT_FOR_SPACECRAFT.test(name)),
      ["PATH"],
    );
  });
});
