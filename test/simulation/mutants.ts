import { UserError } from "../../infra/base/lib/errors";
import { factsOf } from "../../infra/deploy/network/spacecraft/inspect";
import { MARKER } from "../../infra/deploy/network/spacecraft/platform";
import { spacecraftSpec } from "../../infra/deploy/network/spacecraft/spec";
import type { MakeDriver } from "./commands";

const no = async (): Promise<void> => undefined;

/** A driver that believes go-spacecraft's line of success, and takes for the network what it then finds. */
export const credulous: MakeDriver = (_store, platform) => ({
  preflight: no,
  async up(given, { signal }) {
    const spec = spacecraftSpec(given);
    const claim = await platform.spacecraft("createNetwork", spec, signal, () => undefined);
    if (!claim.claimsSuccess)
      throw new UserError("ProgramFailed", `go-spacecraft failed: ${claim.lastWords}.`, "Run it again.");
    const kubeconfig = await platform.kubeconfig(spec, signal);
    await platform.createConfigMap(kubeconfig, { metadata: { name: MARKER }, data: { tag: spec.tag } });
    const objects = await platform.objects(kubeconfig);
    const count = (kind: string) =>
      objects.deployments.filter(({ metadata }) => metadata?.name?.startsWith(kind)).length;
    return { facts: factsOf(objects, { ...spec, miners: count("miner"), poets: count("poet") }), kubeconfig };
  },
  down: no,
  inspect: no,
  kubeconfig: async () => undefined,
  exists: async () => true,
  facts: async () => undefined,
  leftovers: async () => [],
  inventory: async () => [],
});

/** The real driver, but each cluster that bears the name looks to it as if it were ours. */
export const greedy =
  (make: MakeDriver): MakeDriver =>
  (store, platform) =>
    make(store, {
      ...platform,
      async objects(kubeconfig) {
        return { ...(await platform.objects(kubeconfig)), marker: { data: { tag: "v1.2.3+1" } } };
      },
    });
