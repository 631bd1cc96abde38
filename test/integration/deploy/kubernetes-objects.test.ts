import { deepStrictEqual, ok, rejects } from "node:assert";
import { readFileSync } from "node:fs";
import { type ObjectApi, objectApi } from "../../../infra/base/clients/kubernetes/objects";
import { isObject } from "../../../infra/base/lib/json";
import { inspect } from "../../../infra/deploy/network/kubernetes/inspect";
import { makeOnce } from "../../../infra/deploy/network/kubernetes/made";
import { MANAGED_BY, OWNER, paths, RESTRICTED } from "../../../infra/deploy/network/kubernetes/names";
import { networkObjects } from "../../../infra/deploy/network/kubernetes/objects";
import { podOf } from "../../../policy/checks/pods";
import { places } from "../../../sandbox/home";
import { eventually } from "../../support/cluster-world";
import { kubernetesSpec } from "../../support/kubernetes-spec";
import { registeredObjects, WAYS } from "../../support/registered-objects";
import { SharedWorld } from "../../support/shared-world";

interface Kept {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly status?: { readonly hard?: Readonly<Record<string, string>> };
}

describe("the objects of a network of the driver kubernetes, in a real API server", function () {
  this.timeout(300_000);

  const world = new SharedWorld();
  let api: ObjectApi;
  before(async () => {
    await world.up();
    api = objectApi(readFileSync(places(world.home).kubeconfig, "utf8"));
  });
  after(() => world.close());

  const namespaceOf = (name: string, tag: string) =>
    api.create(paths(name).namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { ...MANAGED_BY, ...RESTRICTED }, annotations: { [OWNER]: tag } },
    });

  /** Pods change the status of what is applied. So nothing runs here: the quota allows no pod. */
  async function namespaceWithoutPods(name: string, tag: string): Promise<void> {
    await namespaceOf(name, tag);
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "none" },
      spec: { hard: { pods: "0" } },
    };
    await api.create(paths(name).quotas, quota);
    // It counts from the moment on that its controller has seen it.
    await eventually(async () => (await api.find<Kept>(`${paths(name).quotas}/none`))?.status?.hard?.pods === "0");
  }

  for (const changes of [
    { tag: "v1.2.3+1", exposure: "nodePort", storageClass: "none" },
    { tag: "v1.2.4+1", exposure: "loadBalancer", storageClass: "default", poets: 2 },
  ])
    it(`are valid, and a rerun changes none: ${changes.exposure}, storage class ${changes.storageClass}`, async () => {
      const { tag, ...settings } = changes;
      const namespace = tag.replace(/[.+]/g, "-");
      const spec = { ...kubernetesSpec(settings), tag, namespace, cluster: namespace };
      await namespaceWithoutPods(namespace, tag);
      const versionsOf = async () => {
        const made = await makeOnce(api, spec, Date.now());
        const versions = new Map<string, string | undefined>();
        const { configMaps, secrets } = paths(namespace);
        for (const path of [`${configMaps}/network`, `${secrets}/network-keys`])
          versions.set(path, (await api.find<Kept>(path))?.metadata?.resourceVersion);
        for (const { path, object } of Object.values(networkObjects(made)).flat()) {
          const { metadata } = await api.apply(path, object);
          versions.set(path, metadata?.resourceVersion);
        }
        return versions;
      };
      const first = await versionsOf();
      ok(first.size >= 14 && [...first.values()].every(Boolean));
      // Controllers write the status of new objects. Once they are done, nothing moves.
      let [before, now] = [first, await versionsOf()];
      for (let rounds = 0; rounds < 20 && !same(before, now); rounds++) [before, now] = [now, await versionsOf()];
      deepStrictEqual([...now], [...before]);
      const { found } = await inspect(api, spec);
      ok(found.namespace === "present");
      deepStrictEqual(found.progress.missing[0], "0 of 4 nodes ready");
      deepStrictEqual([found.progress.miners, found.progress.poets], [4, spec.poets]);
    });

  describe("in a namespace as the driver makes it", () => {
    const namespace = "v1-2-5-1";
    before(async () => {
      await namespaceOf(namespace, "v1.2.5+1");
      await eventually(() => api.find(`/api/v1/namespaces/${namespace}/serviceaccounts/default`));
    });

    /** Makes a pod without keeping it. */
    const admitted = (spec: object): Promise<object> =>
      api.create(`${paths(namespace).pods}?dryRun=All`, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { generateName: "tried-", namespace },
        spec,
      });

    for (const way of WAYS)
      it(`every pod that anything of ours registers is admitted: ${JSON.stringify(way)}`, async () => {
        const pods = (await registeredObjects(way)).map(podOf).filter((spec) => isObject(spec));
        ok(pods.length >= 3);
        for (const spec of pods) await admitted(spec);
      });

    it("a pod with more rights is refused by the API server itself", async () => {
      const [way] = WAYS;
      ok(way);
      const pod = (await registeredObjects(way)).map(podOf).find((spec) => isObject(spec));
      await rejects(
        admitted({ ...pod, hostNetwork: true }),
        /violates PodSecurity "restricted:v1\.36": host namespaces/,
      );
      await rejects(admitted({ ...pod, securityContext: {} }), /violates PodSecurity .*runAsNonRoot.*seccompProfile/);
    });
  });
});

const same = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  [...a].every(([path, version]) => b.get(path) === version);
