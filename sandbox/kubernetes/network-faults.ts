import { mkdirSync } from "node:fs";
import { networkFolder } from "./cluster-record";
import { type Faults, watchFaults } from "./faults";

interface Followed {
  faults: Faults;
  stop: () => void;
}

/** The faults of each network in a cluster, followed from the first question about a network on. */
export class NetworkFaults {
  private readonly networks = new Map<string, Followed>();

  /** @param changed called with the namespace whose faults changed */
  constructor(
    private readonly clusterFolder: string,
    private readonly changed: (namespace: string) => void,
  ) {}

  of(namespace: string): Faults {
    return this.networks.get(namespace)?.faults ?? this.follow(namespace);
  }

  /** Ends the watch of a network whose folder is removed. */
  forget(namespace: string): void {
    this.networks.get(namespace)?.stop();
    this.networks.delete(namespace);
  }

  stop(): void {
    for (const namespace of [...this.networks.keys()]) this.forget(namespace);
  }

  private follow(namespace: string): Faults {
    const folder = networkFolder(this.clusterFolder, namespace);
    mkdirSync(folder, { recursive: true });
    const network: Followed = { faults: {}, stop: () => undefined };
    this.networks.set(namespace, network);
    network.stop = watchFaults(folder, (faults) => {
      network.faults = faults;
      this.changed(namespace);
    });
    return network.faults;
  }
}
