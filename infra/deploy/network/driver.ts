import type { NetworkFacts } from "../../base/model/network-facts";
import type { NetworkSpec } from "../../base/model/network-spec";

/** Makes networks on some platform. Every method inspects first and is safe to call again. */
export interface NetworkDriver {
  /** Makes the network, or adopts it when it is there, whole and ours. */
  up(spec: NetworkSpec, signal: AbortSignal): Promise<{ facts: NetworkFacts; kubeconfig: string }>;
  /** Removes the network; done when there is none. */
  down(spec: NetworkSpec, signal: AbortSignal): Promise<void>;
  /** Looks, changing nothing. */
  inspect(spec: NetworkSpec, signal: AbortSignal): Promise<unknown>;
}
