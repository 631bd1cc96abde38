import { deepStrictEqual } from "node:assert";
import { ApiError } from "../../../../../infra/base/clients/kubernetes/client";
import type { ObjectApi } from "../../../../../infra/base/clients/kubernetes/objects";
import { runWith } from "../../../../../infra/base/lib/run";
import { removeNamespace } from "../../../../../infra/deploy/network/kubernetes/removal";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";

const SPEC = kubernetesSpec();
const NAMESPACE = `/api/v1/namespaces/${SPEC.namespace}`;
const DEPLOYMENT = `/apis/apps/v1/namespaces/${SPEC.namespace}/deployments/miner-1`;
const CLAIM = `${NAMESPACE}/persistentvolumeclaims/miner-1`;

const progress = { miners: 1, readyMiners: 1, poets: 0, readyPoets: 0, missing: [] };
const FOUND = { namespace: "present", uid: "ours", phase: "Active", completed: true, progress } as const;

/** A cluster with one namespace, which is gone at the third look. */
class Cluster {
  readonly removed: string[] = [];
  private looks = 0;

  constructor(
    private readonly uid: string,
    private readonly refusal?: ApiError,
  ) {}

  readonly api: ObjectApi = {
    may: async () => true,
    find: async <T extends object>() => {
      const namespace: object = { metadata: { uid: this.uid }, status: { phase: "Terminating" } };
      return ++this.looks < 3 ? (namespace as T) : undefined;
    },
    list: async <T extends object>(path: string) => {
      const item: object = { metadata: { name: "miner-1", uid: `uid of ${path.split("/").at(-1)}` } };
      return [item as T];
    },
    create: () => Promise.reject(new Error("nothing is made")),
    apply: () => Promise.reject(new Error("nothing is made")),
    remove: async (path, uid) => {
      if (path === NAMESPACE && uid !== this.uid) throw new ApiError(409, "the UID in the precondition differs");
      if (path !== NAMESPACE && this.refusal) throw this.refusal;
      this.removed.push(`${path} ${uid}`);
    },
  };
}

describe("the removal of a namespace", () => {
  const said: string[] = [];
  const run = runWith({ say: (line) => said.push(line), clock: { now: () => 0, sleep: async () => undefined } });

  beforeEach(() => said.splice(0));

  it("removes workloads and disks by their uids, after the namespace: so nothing is left to run without them", async () => {
    const { api, removed } = new Cluster("ours");
    await removeNamespace({ api, spec: SPEC, run }, FOUND);
    deepStrictEqual(removed, [
      `${NAMESPACE} ours`,
      `${DEPLOYMENT} uid of deployments`,
      `${CLAIM} uid of persistentvolumeclaims`,
    ]);
  });

  it("leaves what is in a namespace that somebody else made in the meantime", async () => {
    const { api, removed } = new Cluster("theirs");
    await removeNamespace({ api, spec: SPEC, run }, FOUND);
    deepStrictEqual(removed, []);
  });

  it("goes on at the cluster's pace when it may not remove them", async () => {
    const { api, removed } = new Cluster("ours", new ApiError(403, "deployments is forbidden"));
    await removeNamespace({ api, spec: SPEC, run }, FOUND);
    deepStrictEqual(removed, [`${NAMESPACE} ours`]);
    deepStrictEqual(said.length > 0 && said[0]?.includes("deployments is forbidden"), true);
  });
});
