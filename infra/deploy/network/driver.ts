import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import type { NetworkFacts } from "../../base/model/network-facts";
import type { NetworkSpec } from "../../base/model/network-spec";
import type { Settings } from "../../base/model/settings";

/** Something on the platform that we made for a network, by the evidence of our own records or marks. */
export interface PlatformObject {
  /** In words of the platform: `cluster`, `disk`, `address`. */
  readonly kind: string;
  readonly name: string;
  /** Build tag of the network that it was made for. */
  readonly tag: string;
  /** How it is, a phrase: `RUNNING`. */
  readonly state: string;
  /** What shows that it is ours, a phrase. */
  readonly evidence: string;
  /** Whether it is the network's cluster, or the like, with which all else of the network goes. */
  readonly isRoot: boolean;
  /** Whether something still needs it, or the platform is already removing it. */
  readonly isHeld: boolean;
  /** The command that a person runs to remove it. */
  readonly remove: string;
}

/** What is left of a network that should be gone. */
export interface Leftover {
  /** A sentence that names it, and one that says how to remove it. */
  readonly what: string;
  /** Nobody is removing it, so it is of no use to wait. */
  readonly stays: boolean;
}

/** Creates networks on some platform. Every method inspects first and is safe to call again. */
export interface NetworkDriver {
  /** Finds what would keep a network from being made, before anything is touched. @throws {UserError} */
  preflight(spec: NetworkSpec, run: Run): Promise<void>;
  /** Creates the network, or adopts it when it exists, is complete and is ours. */
  up(spec: NetworkSpec, run: Run): Promise<{ readonly facts: NetworkFacts; readonly kubeconfig: string }>;
  /** Removes the network; does nothing when it does not exist. */
  down(spec: NetworkSpec, run: Run): Promise<void>;
  /** What exists of the network, and what `up` would do about it. Changes nothing. */
  inspect(spec: NetworkSpec, run: Run): Promise<unknown>;
  /** The network as it is today, with today's addresses; undefined when it is not complete now. */
  facts(spec: NetworkSpec, run: Run): Promise<NetworkFacts | undefined>;
  /** A kubeconfig of the network's cluster; undefined when there is none, or it is not ours. */
  kubeconfig(spec: NetworkSpec, run: Run): Promise<string | undefined>;
  /**
   * Whether the network exists, so that its kubeconfig leads to its logs. A cluster of its own counts whoever owns it,
   * since a kubeconfig opens one cluster alone. In a shared cluster the namespace must be ours.
   */
  exists(spec: NetworkSpec, run: Run): Promise<boolean>;
  /** What is left of a removed network. Ignores what is not ours. */
  leftovers(spec: NetworkSpec, run: Run): Promise<Leftover[]>;
  /** Everything on the platform that we made, also for networks that are gone. Changes nothing. */
  inventory(settings: Settings, run: Run): Promise<PlatformObject[]>;
}

/** The kubeconfig of a network that must be there. @throws {UserError} */
export async function kubeconfigOf(driver: NetworkDriver, spec: NetworkSpec, run: Run): Promise<string> {
  const kubeconfig = await driver.kubeconfig(spec, run);
  if (kubeconfig !== undefined) return kubeconfig;
  throw new UserError(
    "ClusterMissing",
    `The network ${spec.tag} does not exist, or is not ours, so its cluster cannot be asked.`,
    `Check it with \`smeshnet status ${spec.tag}\`.`,
  );
}
