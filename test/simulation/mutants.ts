import { UserError } from "../../infra/base/lib/errors";
import type { Store } from "../../infra/base/store/contract";
import { factsOf } from "../../infra/deploy/network/spacecraft/inspect";
import { MARKER, type Platform } from "../../infra/deploy/network/spacecraft/platform";
import type { MakeDriver } from "./verbs";

const no = async (): Promise<void> => undefined;

/** A driver that believes go-spacecraft's line of success, and takes for the network what it then finds. */
export const credulous: MakeDriver = (_store: Store, _say, platform: Platform) => ({
  async up(spec, signal) {
    const claim = await platform.spacecraft("createNetwork", spec, signal, () => undefined);
    if (!claim.claimsSuccess) throw new UserError(`go-spacecraft failed: ${claim.lastWords}; run this again`);
    const kubeconfig = await platform.kubeconfig(spec, signal);
    await platform.createConfigMap(kubeconfig, { metadata: { name: MARKER }, data: { tag: spec.tag } });
    const objects = await platform.objects(kubeconfig);
    const count = (kind: string) =>
      objects.deployments.filter(({ metadata }) => metadata?.name?.startsWith(kind)).length;
    return { facts: factsOf(objects, { ...spec, miners: count("miner"), poets: count("poet") }), kubeconfig };
  },
  down: no,
  inspect: no,
});

/** The real driver, but each cluster that bears the name looks to it as if it were ours. */
export const greedy =
  (make: MakeDriver): MakeDriver =>
  (store, say, platform) =>
    make(store, say, {
      ...platform,
      async objects(kubeconfig) {
        return { ...(await platform.objects(kubeconfig)), marker: { data: { tag: "v1.2.3+1" } } };
      },
    });
