import type { V1ConfigMap } from "@kubernetes/client-node";
import { ApiError } from "../../infra/base/clients/kubernetes/client";
import type { NetworkSpec } from "../../infra/base/model/network-spec";
import type { Faults } from "./faults";
import { type Made, namesOf } from "./objects";
import type { SimulatedTime } from "./time";

/** Seconds in which GKE makes and removes a cluster. */
const MAKING = 180;
export const REMOVING = 120;

/** A cluster at GKE. */
export class Cluster {
  readonly made = new Map<string, Made>();
  /** What Pulumi has made in it, by kind and name, with the time. */
  readonly ours = new Map<string, number>();
  marker: string | undefined;
  genesisTime = "";
  removedAt = Number.POSITIVE_INFINITY;

  constructor(
    readonly uid: number,
    readonly createdAt: number,
    public runningAt: number,
    /** Made by somebody who has nothing to do with this deployment. */
    readonly foreign: boolean,
  ) {}

  get kubeconfig(): string {
    return JSON.stringify({
      clusters: [{ name: "it", cluster: { server: `https://${this.uid}` } }],
      users: [{ name: "it", user: { token: "it" } }],
      contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
      "current-context": "it",
    });
  }

  isWhole(spec: NetworkSpec): boolean {
    return namesOf(spec).every((name) => this.made.get(name)?.ready && this.made.get(name)?.service);
  }
}

/** GKE as far as one name goes, which is all that a network has; and what was done to clusters that are not ours. */
export class Cloud {
  private current: Cluster | undefined;
  private count = 0;
  readonly trespasses: string[] = [];

  constructor(
    private readonly time: SimulatedTime,
    readonly spec: NetworkSpec,
    readonly faults: Faults,
  ) {}

  get cluster(): Cluster | undefined {
    if (this.current && this.current.removedAt <= this.time.now) this.current = undefined;
    return this.current;
  }

  get now(): number {
    return this.time.now;
  }

  /** Begins a cluster. */
  begin({ foreign = false, seconds = this.faults.get("slow cluster")?.at ?? MAKING } = {}): Cluster {
    const { now } = this.time;
    this.current = new Cluster(++this.count, now, now + seconds * 1000, foreign);
    return this.current;
  }

  status(cluster: Cluster): string {
    const { now } = this.time;
    if (cluster.removedAt < Number.POSITIVE_INFINITY) return "STOPPING";
    if (now < cluster.runningAt) return "PROVISIONING";
    if (this.faults.get("cluster in error")) return "ERROR";
    const repair = this.faults.get("cluster under repair");
    if (repair && (now - cluster.runningAt) / 1000 < repair.at) return "RECONCILING";
    return "RUNNING";
  }

  /** Begins the removal. @throws as GKE does while it changes the cluster. */
  remove(cluster: Cluster): void {
    const status = this.status(cluster);
    if (["PROVISIONING", "RECONCILING", "STOPPING"].includes(status)) {
      throw new Error("code=400, message=Cluster is running incompatible operation");
    }
    if (cluster.foreign) this.trespasses.push("removed");
    cluster.removedAt = this.time.now + REMOVING * 1000;
  }

  /** The owner of a foreign cluster takes it away. */
  clearForeign(): void {
    if (this.current?.foreign) this.current = undefined;
  }

  /** The API server behind a kubeconfig. @throws as the client does when it does not answer. */
  api(kubeconfig: string): Cluster {
    const { cluster } = this;
    const away = !cluster || cluster.kubeconfig !== kubeconfig || !this.isUp(cluster);
    if (away || this.faults.strikes("API server is away")) {
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
    }
    if (this.faults.strikes("API server answers 503")) throw new ApiError(503, "unavailable");
    return cluster;
  }

  private isUp(cluster: Cluster): boolean {
    return ["RUNNING", "RECONCILING"].includes(this.status(cluster));
  }

  /** Marks a cluster with a ConfigMap. @throws as the API server does */
  mark(cluster: Cluster, body: V1ConfigMap): void {
    if (this.faults.strikes("mark is refused")) throw new ApiError(500, "internal");
    if (cluster.marker !== undefined) throw new ApiError(409, "conflict");
    if (cluster.foreign) this.trespasses.push("marked");
    cluster.marker = body.data?.tag;
  }

  /** A miner may fall over when go-spacecraft has long gone on. */
  afterwards(made: ReadonlyMap<string, Made>): ReadonlyMap<string, Made> {
    if (this.faults.get("miner never ready")?.part !== "later") return made;
    const first = made.get("miner-1");
    return first ? new Map([...made, ["miner-1", { ...first, ready: false }]]) : made;
  }
}
