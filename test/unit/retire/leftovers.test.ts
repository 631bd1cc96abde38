import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { Readable } from "node:stream";
import type { Clock } from "../../../infra/base/lib/clock";
import { UserError } from "../../../infra/base/lib/errors";
import { type Process, readProcesses } from "../../../infra/base/lib/processes";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import type { Store } from "../../../infra/base/store/contract";
import { spacecraftDriver } from "../../../infra/deploy/network/spacecraft/driver";
import type { Platform } from "../../../infra/deploy/network/spacecraft/platform";
import { type Gone, leftOver, nothingLeft } from "../../../infra/retire/leftovers";
import { refusesLater } from "../../support/errors";
import { settingsWith } from "../../support/settings";

const tag = parseBuildTag("v1.2.3+1");
const settings = settingsWith({ gcpProject: "project", gcpLocation: "us-east1" });
const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));

/** What a test leaves of the network. */
interface Left {
  readonly cluster?: string;
  /** Whether nobody is removing the cluster. */
  readonly stays?: boolean;
  readonly records?: Gone["cloudflare"]["dnsRecords"];
  readonly value?: (key: string) => string | undefined;
  readonly processes?: readonly Process[];
}

const goneExcept = ({ cluster, stays = false, records = async () => [], value = () => undefined }: Left): Gone => ({
  tag,
  spec,
  driver: { leftovers: async () => (cluster ? [{ what: cluster, stays }] : []) },
  zoneId: "zone",
  namespace: { accountId: "account", namespaceId: "kv" },
  cloudflare: { dnsRecords: records, getKv: async (_, key) => value(key) },
});
const systemsWith = ({ processes = [] }: Left) => ({
  processes: async () => processes,
  environment: async () => ({}),
});

/** A network of which the cluster is left, as the driver finds it. @param marker build tag in the cluster's marker */
function goneWithCluster(status: string, marker: string | undefined): Gone {
  const createTime = "2026-01-01T00:00:00Z";
  const records =
    status === "STOPPING" && marker ? [{ tag: marker, stage: "removing", at: createTime, createTime }] : [];
  const store = {
    list: async () => records.map((_, i) => `clusters/v1-2-3-1/${i + 1}.json`),
    get: () => Readable.from([Buffer.from(JSON.stringify(records[0]))], { objectMode: false }),
  } as unknown as Store; // all that an inspection needs
  const platform = {
    describe: async () => ({ status, createTime }),
    kubeconfig: async () => "",
    objects: async () => ({
      marker: marker && { data: { tag: marker } },
      deployments: [],
      services: [],
      configMaps: [],
      nodes: [],
      pods: [],
    }),
  } as unknown as Platform;
  return { ...goneExcept({}), driver: spacecraftDriver(store, platform) };
}

const leftOf = async (gone: Gone, left: Left = {}) =>
  (await leftOver(gone, runWith(), systemsWith(left))).map(({ what }) => what);
const found = (left: Left = {}) => leftOf(goneExcept(left), left);

const CLUSTER = "Cluster v1-2-3-1 still exists (RUNNING). Delete it with `gcloud`.";

describe("leftOver", () => {
  it("finds nothing when the network is gone", async () => deepStrictEqual(await found(), []));

  it("finds what the driver reports", async () => deepStrictEqual(await found({ cluster: CLUSTER }), [CLUSTER]));

  it("finds the network's cluster, also one that GKE is just removing", async () => {
    const command = "gcloud container clusters delete v1-2-3-1 --location us-east1 --project project";
    for (const status of ["RUNNING", "STOPPING"]) {
      const [first, ...more] = await leftOf(goneWithCluster(status, "v1.2.3+1"));
      for (const name of ["v1-2-3-1", status, command]) ok(first?.includes(name), first);
      deepStrictEqual(more, []);
    }
  });

  it("ignores a cluster of the same name that belongs to somebody else", async () => {
    for (const marker of [undefined, "v9.9.9+9"]) deepStrictEqual(await leftOf(goneWithCluster("RUNNING", marker)), []);
  });

  it("finds DNS records with the network's comment, and none of another build", async () => {
    const record = (name: string, comment: string) => ({ id: name, name, comment });
    const all = [record("api.example", "smeshnet v1.2.3+1"), record("x.example", "smeshnet v1.2.3+11")];
    deepStrictEqual(await found({ records: async () => all }), [
      'DNS records api.example still exist. Delete the records with the comment "smeshnet v1.2.3+1" at Cloudflare.',
    ]);
  });

  it("finds the network's entry and its config at the edge", async () => {
    const asked: string[] = [];
    const value = (key: string) => {
      asked.push(key);
      return key.startsWith("config:") ? "{}" : undefined;
    };
    deepStrictEqual(await found({ value }), [
      "Key config:1_2_3_1 still exists at the edge. Delete it in KV namespace kv.",
    ]);
    deepStrictEqual(asked.sort(), ["config:1_2_3_1", "network:1_2_3_1"]);
  });

  it("finds a process that works for the network", async () => {
    const args = "go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-1";
    deepStrictEqual(await found({ processes: readProcesses(`  99999999 1 0 S ${args}\n`) }), [
      `Process 99999999 still works for it (${args}). End it with \`kill 99999999\`.`,
    ]);
  });

  it("finds everything at once", async () => {
    strictEqual((await found({ cluster: CLUSTER, value: () => "{}" })).length, 3);
  });
});

describe("nothingLeft", () => {
  /** A clock on which sleeping takes no time. */
  const instantClock = (): Clock => {
    let now = 0;
    return {
      now: () => now,
      sleep: async (seconds) => {
        now += seconds * 1000;
      },
    };
  };
  const prove = (left: Left, said: string[] = []) =>
    nothingLeft(
      goneExcept(left),
      runWith({ clock: instantClock(), say: (line) => said.push(line) }),
      systemsWith(left),
    );

  it("waits for values that Cloudflare shows for a while after their removal", async () => {
    let looks = 0;
    const said: string[] = [];
    await prove({ value: () => (++looks > 20 ? undefined : "{}") }, said);
    strictEqual(said.length, 1);
  });

  it("fails after a minute, and names each part that is left with what to do about it", async () => {
    const value = (key: string) => (key.startsWith("network:") ? "{}" : undefined);
    await refusesLater(prove({ value, cluster: CLUSTER }), "NetworkNotRemoved", {
      names: ["v1.2.3+1", "120 s", CLUSTER, "network:1_2_3_1", "KV namespace kv"],
    });
  });

  it("fails at once when nobody is removing the network, and names only what does not go by itself", async () => {
    const said: string[] = [];
    const value = () => "{}";
    const asked = prove({ value, cluster: CLUSTER, stays: true }, said);
    await refusesLater(asked, "NetworkNotRemoved", { names: ["v1.2.3+1", "nobody is removing it", CLUSTER] });
    deepStrictEqual(said, []);
    await asked.catch(({ message }: Error) => ok(!message.includes("KV namespace"), message));
  });

  it("fails when a system does not answer", async () => {
    const records = () => Promise.reject(new UserError("CloudflareFailed", "Cloudflare did not answer.", "Wait."));
    await refusesLater(prove({ records }), "WaitTimedOut", { names: ["v1.2.3+1", "Cloudflare did not answer"] });
  });
});
