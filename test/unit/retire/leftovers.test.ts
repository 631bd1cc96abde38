import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import type { Clock } from "../../../infra/base/lib/clock";
import { UserError } from "../../../infra/base/lib/errors";
import { readProcesses } from "../../../infra/base/lib/processes";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import type { Store } from "../../../infra/base/store/contract";
import type { ClusterFound } from "../../../infra/deploy/network/spacecraft/plan";
import {
  type Gone,
  isSameWorld,
  leftOver,
  nothingLeft,
  type SearchedSystems,
  workersFor,
} from "../../../infra/retire/leftovers";
import { settingsWith } from "../../support/settings";

const tag = parseBuildTag("v1.2.3+1");
const settings = settingsWith({ gcpProject: "project", gcpLocation: "us-east1" });
const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));
const gone: Gone = {
  tag,
  spec,
  zoneId: "zone",
  namespace: { accountId: "account", namespaceId: "kv" },
  store: {} as Store, // what tells whose a cluster is has been read from it already
  signal: new AbortController().signal,
};
const cluster = (fields: object): ClusterFound => ({
  cluster: "present",
  status: "RUNNING",
  createTime: "2026-01-01T00:00:00Z",
  ...fields,
});

/** A world without a trace of the network, but for what a test puts there. */
const world = (left: Partial<SearchedSystems> = {}): SearchedSystems => ({
  cluster: async () => ({ cluster: "absent" }),
  records: async () => [],
  value: async () => undefined,
  processes: async () => [],
  environment: async () => ({}),
  ...left,
});

describe("what is left of a network", () => {
  it("is nothing when it is gone", async () => deepStrictEqual(await leftOver(gone, world()), []));

  it("may be its cluster, also one that is just going", async () => {
    const command = "gcloud container clusters delete v1-2-3-1 --location us-east1 --project project";
    for (const status of ["RUNNING", "STOPPING"]) {
      const places = world({ cluster: async () => cluster({ status, marker: "v1.2.3+1" }) });
      deepStrictEqual(await leftOver(gone, places), [
        `cluster v1-2-3-1 is still there, ${status}: delete it with ${command}`,
      ]);
    }
  });

  it("is not a cluster of its name that is somebody else's", async () => {
    for (const marker of [undefined, "v9.9.9+9"]) {
      deepStrictEqual(await leftOver(gone, world({ cluster: async () => cluster({ marker }) })), []);
    }
  });

  it("may be records that carry its comment, and none of another build's", async () => {
    const record = (name: string, comment: string) => ({ id: name, name, comment });
    const records = [record("api.example", "smeshnet v1.2.3+1"), record("x.example", "smeshnet v1.2.3+11")];
    deepStrictEqual(await leftOver(gone, world({ records: async () => records })), [
      'the zone still names api.example: delete the records with the comment "smeshnet v1.2.3+1" at Cloudflare',
    ]);
  });

  it("may be its entry and its config at the edge", async () => {
    const asked: string[] = [];
    const value = async (_: object, key: string) => {
      asked.push(key);
      return key.startsWith("config:") ? "{}" : undefined;
    };
    deepStrictEqual(await leftOver(gone, world({ value })), [
      "the edge still has config:1_2_3_1: delete that key in KV namespace kv",
    ]);
    deepStrictEqual(asked.sort(), ["config:1_2_3_1", "network:1_2_3_1"]);
  });

  it("may be a process that works for it in this world", async () => {
    const processes = readProcesses("  99999999 1 0 S go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-1\n");
    deepStrictEqual(await leftOver(gone, world({ processes: async () => processes })), [
      "process 99999999 still works for it (go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-1): end it with kill 99999999",
    ]);
  });

  it("is all named at once", async () => {
    const places = world({ cluster: async () => cluster({ marker: "v1.2.3+1" }), value: async () => "{}" });
    strictEqual((await leftOver(gone, places)).length, 3);
  });
});

describe("the processes that work for a network", () => {
  const processes = readProcesses(`
    1     0     0 Ss   /sbin/init
   10     1     0 S    node --import tsx scripts/retire.ts v1.2.3+1
   20    10     0 Sl   pulumi destroy --yes --stack 1_2_3_1
   21    20     0 Sl   pulumi-resource-command 127.0.0.1:40093
   22    21     0 S    node -r ./infra/preload.cjs scripts/history.ts close v1.2.3+1
   30     1     0 S    node -r ./infra/preload.cjs scripts/network.ts up v1.2.3+1
   31     1     0 S    /usr/bin/node /opt/bin/go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-1
   32     1     0 S    go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-11
   33     1     0 S    node -r ./infra/preload.cjs scripts/smoke.ts v1.2.3+11 --json
   34     1     0 S    node -r ./infra/preload.cjs scripts/archive.ts collect v1.2.3+1
   35     1     0 S    node --import tsx scripts/archive.ts list v1.2.3+1
   36     1     0 S    node --import tsx scripts/status.ts v1.2.3+1
   37     1     0 S    node --import tsx scripts/deploy.ts v1.2.3+1
   38     1     0 S    vim notes-of-v1.2.3+1 v1.2.3+1
   39     1     0 S    node -r ./infra/preload.cjs scripts/branch.ts move devnet v1.2.3+1
`);
  const pids = (self: number) => workersFor(spec, processes, self).map(({ pid }) => pid);

  it("are go-spacecraft and the steps of its stack, and nobody who only looks or waits", () => {
    deepStrictEqual(pids(22), [30, 31, 34, 39]);
  });

  it("are not the asking one and those that have started it", () => deepStrictEqual(pids(30), [31, 34, 39]));

  it("may be told that they are about another world", () => {
    const here = { PULUMI_BACKEND_URL: "file:///a", SPACECRAFT_HOME: "/a" };
    strictEqual(isSameWorld(here, here), true);
    strictEqual(isSameWorld(here, {}), true);
    strictEqual(isSameWorld({ ...here, "": "/checkout" }, { "": "/checkout" }), true);
    strictEqual(isSameWorld({ ...here, "": "/checkout" }, { "": "/another" }), false);
    strictEqual(isSameWorld({ ...here, "": "/checkout" }, { ...here, "": "/another" }), true);
    strictEqual(isSameWorld(here, { SPACECRAFT_HOME: "/b" }), false);
    strictEqual(isSameWorld(here, { ...here, PULUMI_BACKEND_URL: "file:///b" }), false);
  });
});

describe("the proof that nothing is left", () => {
  /** A clock on which sleeping takes no time. */
  const clock = (): Clock => {
    let now = 0;
    return {
      now: () => now,
      sleep: async (seconds: number) => {
        now += seconds * 1000;
      },
    } as Clock;
  };
  const prove = (places: SearchedSystems, said: string[] = []) =>
    nothingLeft(gone, { places, clock: clock(), say: (line) => said.push(line) });

  it("waits for what Cloudflare still shows a while", async () => {
    let looks = 0;
    const said: string[] = [];
    await prove(world({ value: async () => (++looks > 20 ? undefined : "{}") }), said);
    strictEqual(said.length, 1);
  });

  it("fails after a minute in one line that names each and what to do", async () => {
    const value = async (_: object, key: string) => (key.startsWith("network:") ? "{}" : undefined);
    await rejects(prove(world({ value, cluster: async () => cluster({ marker: "v1.2.3+1" }) })), {
      name: "UserError",
      message:
        "waited 60 s for nothing to be left of v1.2.3+1; seen last: cluster v1-2-3-1 is still there, RUNNING: delete it " +
        "with gcloud container clusters delete v1-2-3-1 --location us-east1 --project project; the edge still has " +
        "network:1_2_3_1: delete that key in KV namespace kv",
    });
  });

  it("is none when a place does not answer", async () => {
    const records = () => Promise.reject(new UserError("Cloudflare did not answer"));
    await rejects(prove(world({ records })), /seen last: Cloudflare did not answer/);
  });
});
