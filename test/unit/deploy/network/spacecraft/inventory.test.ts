import { deepStrictEqual, strictEqual } from "node:assert";
import { Readable } from "node:stream";
import type { Store } from "../../../../../infra/base/store/contract";
import type { Listable } from "../../../../../infra/deploy/network/spacecraft/gcloud";
import { inventory } from "../../../../../infra/deploy/network/spacecraft/inventory";
import type { Entry } from "../../../../../infra/deploy/network/spacecraft/ownership";
import { refusesLater } from "../../../../support/errors";

const at = (hour: number): string => `2026-12-01T${String(hour).padStart(2, "0")}:00:00Z`;
const PLACE = { zone: "https://compute/projects/p/zones/us-east1-b" };
const REGION = { region: "https://compute/projects/p/regions/us-east1" };

/** The records of clusters, by cluster: the stage and the hour of each. */
type Records = Readonly<Record<string, readonly (readonly [Entry["stage"], number, createTime?: number])[]>>;

function storeOf(records: Records): Pick<Store, "list" | "get"> {
  const objects = new Map<string, string>(
    Object.entries(records).flatMap(([cluster, stages]) =>
      stages.map(([stage, hour, made], i) => {
        const tag = cluster.replace(/^v(\d+)-(\d+)-(\d+)-(\d+)$/, "v$1.$2.$3+$4");
        const entry = { tag, stage, at: at(hour), ...(made === undefined ? {} : { createTime: at(made) }) };
        return [`intents/${cluster}/${i + 1}.json`, JSON.stringify(entry)] as const;
      }),
    ),
  );
  return {
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)),
    get: (key) => Readable.from([objects.get(key) ?? ""]),
  };
}

async function find(records: Records, listed: Partial<Record<Listable, readonly unknown[]>>) {
  const platform = { list: async (kind: Listable) => listed[kind] ?? [] };
  return inventory("p", storeOf(records) as Store, platform as never, new AbortController().signal);
}

const cluster = (name: string, hour: number, status = "RUNNING") => ({
  name,
  status,
  location: "us-east1",
  createTime: at(hour),
});
const disk = (name: string, hour: number, more: object = {}) => ({
  name,
  creationTimestamp: at(hour),
  ...PLACE,
  ...more,
});
const label = (name: string) => ({ labels: { "goog-k8s-cluster-name": name } });
const pool = (name: string, ...clusters: string[]) => ({
  ...{ name, creationTimestamp: at(2), ...REGION },
  instances: clusters.map((one) => `https://compute/instances/gke-${one}-default-pool-1a2b3c4d-x1y2`),
});
const rule = (name: string) => ({
  ...{ name, creationTimestamp: at(2), ...REGION },
  target: `${REGION.region}/targetPools/${name}`,
  IPAddress: "203.0.113.5",
});

/** We made it, it existed, and it is gone. */
const PAST: Records = {
  "v1-2-3-1": [
    ["making", 1],
    ["made", 2, 1],
    ["removing", 5, 1],
    ["removed", 6],
  ],
};

describe("inventory of the spacecraft driver", () => {
  it("takes a cluster for ours by our last record of it, and no other of that name", async () => {
    const ours = {
      "v1-2-3-1": [["making", 1]],
      "v1-2-3-2": [
        ["making", 1],
        ["made", 3, 2],
      ],
    } satisfies Records;
    const found = await find(
      { ...PAST, ...ours },
      {
        clusters: [cluster("v1-2-3-1", 2), cluster("v1-2-3-2", 4), cluster("v1-2-3-9", 2), cluster("mainnet", 2)],
      },
    );
    deepStrictEqual(
      found.map(({ name, tag }) => [name, tag]),
      [["v1-2-3-1", "v1.2.3+1"]],
    );
    strictEqual(found[0]?.remove, "gcloud container clusters delete v1-2-3-1 --location us-east1 --project p");
    deepStrictEqual(await find(PAST, { clusters: [cluster("v1-2-3-1", 7)] }), []);
  });

  it("holds a cluster that is being removed", async () => {
    const [found] = await find({ "v1-2-3-1": [["making", 1]] }, { clusters: [cluster("v1-2-3-1", 2, "STOPPING")] });
    strictEqual(found?.isHeld, true);
  });

  it("takes a disk for ours by GKE's label, if we had that cluster when the disk was made", async () => {
    const disks = [
      disk("pvc-ours", 3, label("v1-2-3-1")),
      disk("gke-v1-2-3-1-0a1b2c3d-dynamic-pvc-1", 4),
      disk("pvc-before", 0, label("v1-2-3-1")),
      disk("pvc-after", 7, label("v1-2-3-1")),
      disk("pvc-foreign", 3, label("v1-2-3-2")),
      disk("data", 3),
    ];
    const found = await find(PAST, { disks });
    deepStrictEqual(
      found.map(({ name, isHeld }) => [name, isHeld]),
      [
        ["pvc-ours", false],
        ["gke-v1-2-3-1-0a1b2c3d-dynamic-pvc-1", false],
      ],
    );
    strictEqual(found[0]?.remove, "gcloud compute disks delete pvc-ours --zone us-east1-b --project p");
  });

  it("holds a disk whose cluster stands, or that something uses, but not one of the cluster before", async () => {
    const again: Records = { "v1-2-3-1": [...(PAST["v1-2-3-1"] ?? []), ["making", 7], ["made", 9, 8]] };
    const found = await find(again, {
      clusters: [cluster("v1-2-3-1", 8)],
      disks: [
        disk("new", 9, label("v1-2-3-1")),
        disk("old", 3, label("v1-2-3-1")),
        disk("used", 3, { ...label("v1-2-3-1"), users: ["https://compute/instances/x"] }),
      ],
    });
    deepStrictEqual(
      found.filter(({ isRoot }) => !isRoot).map(({ name, isHeld }) => [name, isHeld]),
      [
        ["new", true],
        ["old", false],
        ["used", true],
      ],
    );
  });

  it("takes an address for ours by the nodes behind it", async () => {
    const found = await find(PAST, {
      "target pools": [pool("a1", "v1-2-3-1"), pool("a2", "v1-2-3-11"), pool("a3", "v1-2-3-1", "mainnet"), pool("a4")],
      "forwarding rules": ["a1", "a2", "a3", "a4"].map(rule),
      addresses: [
        { ...rule("a1"), status: "RESERVED", address: "203.0.113.5" },
        { ...rule("mine"), status: "RESERVED" },
      ],
    });
    deepStrictEqual(
      found.map(({ kind, name, state }) => [kind, name, state]),
      [
        ["forwarding rule", "a1", "203.0.113.5"],
        ["address", "a1", "203.0.113.5"],
      ],
    );
  });

  it("does not guess when gcloud lists in another form", () =>
    refusesLater(() => find({}, { disks: [{ id: 1 }] }), "PlatformUnknown", { names: ["disks"] }));
});
