import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloudflare, CloudflareObject } from "../../../../infra/base/clients/cloudflare";
import { createdIds, sameObject } from "../../../../infra/base/engine/recovery/adopt";
import { repairFileBackend } from "../../../../infra/base/engine/recovery/file-backend";
import { withoutPending } from "../../../../infra/base/engine/recovery/pending";
import { findStrayRecords, strayRecordsAmong } from "../../../../infra/base/engine/recovery/stray-records";
import { type Exported, pendingOf } from "../../../../infra/base/engine/state";
import { readProcesses, treeOf } from "../../../../infra/base/lib/processes";

/** A Cloudflare that has certain DNS records and KV namespaces, and fails at any other call. */
function cloudflareWith(records: CloudflareObject[], namespaces: CloudflareObject[]): Cloudflare {
  const unwanted = () => Promise.reject(new Error("an unexpected call of Cloudflare"));
  return {
    requireToken: () => undefined,
    verifyToken: unwanted,
    zoneName: unwanted,
    dnsRecords: async (zoneId, { comment }) => (zoneId === "zone" && comment ? records : unwanted()),
    dnsRecordsNamed: unwanted,
    allDnsRecords: unwanted,
    workerScripts: unwanted,
    workerDomains: unwanted,
    removeDnsRecord: unwanted,
    addTextRecord: unwanted,
    kvNamespaces: async (accountId) => (accountId === "account" ? namespaces : unwanted()),
    getKv: unwanted,
    putKv: unwanted,
    removeKv: unwanted,
    listKv: unwanted,
  };
}

describe("processes", () => {
  const processes = readProcesses(`
    1     0     0 Ss   /sbin/init
   20     1  1000 Sl   pulumi up --yes --stack 1_2_3_1
   21    20  1000 Sl   /home/me/.pulumi/plugins/resource-command-v1.2.1/pulumi-resource-command 127.0.0.1:40093
   22    21  1000 S    node scripts/smeshnet.cjs step network up v1.2.3+1
   23    22  1000 Z    [go-spacecraft] <defunct>
   24     1  1000 S    vim pulumi
`);

  it("do not include zombies", () => {
    deepStrictEqual(
      processes.map(({ pid }) => pid),
      [1, 20, 21, 22, 24],
    );
  });

  it("form a tree, children before their parents", () => {
    deepStrictEqual(
      treeOf({ pid: 20 }, processes).map(({ pid }) => pid),
      [22, 21, 20],
    );
  });
});

describe("pending operations", () => {
  const namespace = { urn: "urn:namespace", type: "cloudflare:index/workersKvNamespace:WorkersKvNamespace" };
  const state: Exported = {
    deployment: {
      resources: [{ urn: "urn:stack", type: "pulumi:pulumi:Stack" }],
      pending_operations: [
        { type: "creating", resource: { ...namespace, inputs: { title: "smeshnet-edge" } } },
        { type: "deleting", resource: { urn: "urn:stack", type: "pulumi:pulumi:Stack" } },
      ],
    },
  };

  it("are empty in a state without them", () => deepStrictEqual(pendingOf({ deployment: {} }), []));

  it("become resources when their objects exist, and are dropped otherwise", () => {
    deepStrictEqual(withoutPending(state, new Map([["urn:namespace", "id-1"]])).deployment, {
      resources: [
        { urn: "urn:stack", type: "pulumi:pulumi:Stack" },
        {
          ...namespace,
          id: "id-1",
          inputs: { title: "smeshnet-edge" },
          outputs: { title: "smeshnet-edge", id: "id-1" },
        },
      ],
    });
    deepStrictEqual(withoutPending(state, new Map()).deployment.resources?.length, 1);
  });

  it("are matched to an object with the same inputs, never to somebody else's", () => {
    const objects = [
      { id: "1", title: "other" },
      { id: "2", title: "smeshnet-edge" },
    ];
    strictEqual(sameObject(objects, { title: "smeshnet-edge" }, ["title"])?.id, "2");
    strictEqual(sameObject(objects, { title: "mine" }, ["title"]), undefined);
  });

  it("are looked up at Cloudflare only if they create a kind of object that gets its id there", async () => {
    const inputs = { accountId: "account", title: "smeshnet-edge" };
    const pending = [
      { type: "creating", resource: { ...namespace, inputs } },
      { type: "updating", resource: { ...namespace, urn: "urn:updated", inputs } },
      { type: "creating", resource: { urn: "urn:record", type: "cloudflare:index/dnsRecord:DnsRecord" } },
    ];
    const cloudflare = cloudflareWith([], [{ id: "id-1", title: "smeshnet-edge" }]);
    deepStrictEqual([...(await createdIds(pending, cloudflare))], [["urn:namespace", "id-1"]]);
    deepStrictEqual([...(await createdIds(pending, cloudflareWith([], [])))], []);
  });
});

describe("stray DNS records", () => {
  it("carry the very comment of the network and are not in its state", () => {
    const records = [
      { id: "1", comment: "smeshnet v1.2.3+1" },
      { id: "2", comment: "smeshnet v1.2.3+1" },
      { id: "3", comment: "smeshnet v1.2.3+10" },
      { id: "4" },
    ];
    const state = { deployment: { resources: [{ urn: "u", type: "cloudflare:index/dnsRecord:DnsRecord", id: "1" }] } };
    deepStrictEqual(
      strayRecordsAmong(records, "smeshnet v1.2.3+1", state).map(({ id }) => id),
      ["2"],
    );
  });

  it("are found by the owner's comment", async () => {
    const records = [{ id: "1", comment: "smeshnet testnet" }];
    const found = await findStrayRecords({ deployment: {} }, "zone", "testnet", cloudflareWith(records, []));
    deepStrictEqual(found, records);
  });
});

describe("repairFileBackend", () => {
  it("removes only the empty attribute files that a killed engine left", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smeshnet-backend-"));
    const stacks = join(folder, ".pulumi/stacks/smeshnet");
    try {
      mkdirSync(stacks, { recursive: true });
      for (const name of ["1.json", "2.json", "2.json.attrs"]) writeFileSync(join(stacks, name), "{}");
      writeFileSync(join(stacks, "1.json.attrs"), "");
      writeFileSync(join(stacks, "empty.json"), "");
      deepStrictEqual(await repairFileBackend(`file://${folder}?metadata=x`), [join(stacks, "1.json.attrs")]);
      deepStrictEqual(readdirSync(stacks).sort(), ["1.json", "2.json", "2.json.attrs", "empty.json"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("does nothing for another kind of backend, or for a folder that does not exist", async () => {
    for (const url of [undefined, "s3://bucket", "file://~/state", "file:///nowhere"]) {
      deepStrictEqual(await repairFileBackend(url), []);
    }
  });
});
