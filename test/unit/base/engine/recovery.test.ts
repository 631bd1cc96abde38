import { deepStrictEqual, match, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { theOne } from "../../../../infra/base/engine/recovery/adopt";
import { repairFileBackend } from "../../../../infra/base/engine/recovery/file-backend";
import { planLocks, readLocks } from "../../../../infra/base/engine/recovery/lock";
import { isEngine } from "../../../../infra/base/engine/recovery/orphans";
import { withoutPending } from "../../../../infra/base/engine/recovery/pending";
import { strayRecordsAmong } from "../../../../infra/base/engine/recovery/stray-records";
import { type Exported, pendingOf } from "../../../../infra/base/engine/state";
import { readProcesses, treeOf } from "../../../../infra/base/lib/processes";

/** As Pulumi 3.250 refuses an update. */
const REFUSAL = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/smeshnet/1_2_3_1/ebfeec8f.json?no_tmp_dir=true: created by root@vm (pid 15853) at 2026-11-25T00:11:24Z`;

describe("the lock of a stack", () => {
  const plan = (host: string, living: readonly number[], refusal = REFUSAL) =>
    planLocks(readLocks(refusal), host, (pid) => living.includes(pid));

  it("is read from the engine's refusal", () => {
    deepStrictEqual(readLocks(REFUSAL), [{ user: "root", host: "vm", pid: 15853, since: "2026-11-25T00:11:24Z" }]);
  });

  it("is taken away when its engine on this machine is dead", () => strictEqual(plan("vm", []).action, "cancel"));

  it("is waited for while its engine lives", () => {
    deepStrictEqual(plan("vm", [15853]), {
      action: "await",
      pid: 15853,
      why: "root@vm (pid 15853, since 2026-11-25T00:11:24Z) is updating it",
    });
  });

  it("of another machine is left to a person, and so is one that the backend does not describe", () => {
    const other = plan("laptop", []);
    strictEqual(other.action, "refuse");
    match(other.why, /root@vm \(pid 15853, since .*\) is updating it, or was killed/);
    strictEqual(plan("vm", [], "[409] Conflict: Another update is currently in progress.").action, "refuse");
  });

  it("is left to a person when only one of two is of this machine", () => {
    const two = `${REFUSAL}\n  s3://b/x.json: created by ci@runner (pid 7) at 2026-11-25T00:11:25Z`;
    strictEqual(plan("vm", [], two).action, "refuse");
  });
});

describe("the processes of a machine", () => {
  const processes = readProcesses(`
    1     0     0 Ss   /sbin/init
   20     1  1000 Sl   pulumi up --yes --stack 1_2_3_1
   21    20  1000 Sl   /home/me/.pulumi/plugins/resource-command-v1.2.1/pulumi-resource-command 127.0.0.1:40093
   22    21  1000 S    node -r ./infra/preload.cjs scripts/network.ts up v1.2.3+1
   23    22  1000 Z    [go-spacecraft] <defunct>
   24     1  1000 S    vim pulumi
`);

  it("are those that live: one that is only not reaped yet does not count", () => {
    deepStrictEqual(
      processes.map(({ pid }) => pid),
      [1, 20, 21, 22, 24],
    );
  });

  it("hold an engine only where it is the program that runs", () => {
    deepStrictEqual([isEngine(processes, 20), isEngine(processes, 24), isEngine(processes, 99)], [true, false, false]);
  });

  it("make a tree, children before their parents", () => {
    deepStrictEqual(
      treeOf({ pid: 20 }, processes).map(({ pid }) => pid),
      [22, 21, 20],
    );
  });
});

describe("the steps that were under way", () => {
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

  it("are none in a state that is in order", () => deepStrictEqual(pendingOf({ deployment: {} }), []));

  it("are in the state when they are known to be done, and to be done again else", () => {
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

  it("are found done by an object that is the same, not by one that is somebody else's", () => {
    const objects = [
      { id: "1", title: "other" },
      { id: "2", title: "smeshnet-edge" },
    ];
    strictEqual(theOne(objects, { title: "smeshnet-edge" }, ["title"])?.id, "2");
    strictEqual(theOne(objects, { title: "mine" }, ["title"]), undefined);
  });
});

describe("stray DNS records", () => {
  it("carry the network's comment and are in no state", () => {
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
});

describe("a backend that is a folder", () => {
  it("loses the empty attributes that a killed engine has left, and nothing else", async () => {
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

  it("is left alone where it is none, or not there yet", async () => {
    for (const url of [undefined, "s3://bucket", "file://~/state", "file:///nowhere"]) {
      deepStrictEqual(await repairFileBackend(url), []);
    }
  });
});
