import { deepStrictEqual, ok } from "node:assert";
import { readFileSync } from "node:fs";
import { type ObjectApi, objectApi } from "../../../infra/base/clients/kubernetes/objects";
import { inspect } from "../../../infra/deploy/network/kubernetes/inspect";
import { makeOnce } from "../../../infra/deploy/network/kubernetes/made";
import { MANAGED_BY, OWNER, paths } from "../../../infra/deploy/network/kubernetes/names";
import { networkObjects } from "../../../infra/deploy/network/kubernetes/objects";
import { places } from "../../../sandbox/home";
import { eventually } from "../../support/cluster-world";
import { kubernetesSpec } from "../../support/kubernetes-spec";
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

  /** Pods change the status of what is applied. So nothing runs here: the quota allows no pod. */
  async function namespaceWithoutPods(name: string, tag: string): Promise<void> {
    const metadata = { name, labels: MANAGED_BY, annotations: { [OWNER]: tag } };
    await api.create(paths(name).namespaces, { apiVersion: "v1", kind: "Namespace", metadata });
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
});

const same = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  [...a].every(([path, version]) => b.get(path) === version);
