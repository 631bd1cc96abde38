import type { Run } from "../../base/lib/run";
import type { NetworkFacts, NodeFacts } from "../../base/model/network-facts";
import type { NetworkSpec } from "../../base/model/network-spec";

/** Creates networks on some platform. Every method inspects first and is safe to call again. */
export interface NetworkDriver {
  /** Creates the network, or adopts it when it exists, is complete and is ours. */
  up(spec: NetworkSpec, run: Run): Promise<{ readonly facts: NetworkFacts; readonly kubeconfig: string }>;
  /** Removes the network; does nothing when it does not exist. */
  down(spec: NetworkSpec, run: Run): Promise<void>;
  /** What exists of the network, and what `up` would do about it. Changes nothing. */
  inspect(spec: NetworkSpec, run: Run): Promise<unknown>;
  /** The nodes at their addresses of today; empty when the network is not complete now. */
  nodes(spec: NetworkSpec, run: Run): Promise<readonly NodeFacts[]>;
  /** Whether the network's cluster exists, whoever owns it. */
  exists(spec: NetworkSpec, run: Run): Promise<boolean>;
  /** What is left of a removed network, a sentence each, with what to do about it. Ignores what is not ours. */
  leftovers(spec: NetworkSpec, run: Run): Promise<string[]>;
}
