import type { V1ConfigMap, V1Pod, V1Secret } from "@kubernetes/client-node";
import { type AddressPlan, POD_ADDRESSES, podAddress } from "./address-plan";
import type { PodHost } from "./pod-host";
import { PodRunner } from "./pod-runner";
import { type Reflector, reflect } from "./reflector";

/** Runs the pods that the scheduler assigns to the cluster's nodes. */
export class Pods {
  private readonly runners = new Map<string, PodRunner>();
  private readonly addresses = new Set<string>();
  private nextAddress = 0;
  private readonly reflectors: Reflector<unknown>[];

  constructor(
    private readonly host: PodHost,
    private readonly plan: AddressPlan,
  ) {
    const { api } = host;
    this.reflectors = [
      reflect<V1Pod>(api, "/api/v1/pods", {
        changed: (pod) => this.changed(pod),
        deleted: (pod) => this.end(pod, true),
      }),
      this.follow<V1ConfigMap>("configmaps"),
      this.follow<V1Secret>("secrets"),
    ];
  }

  /** Ends all programs. The API objects stay. */
  async stop(): Promise<void> {
    for (const reflector of this.reflectors) reflector.stop();
    await Promise.all([...this.runners.values()].map((runner) => runner.stop()));
  }

  private changed(pod: V1Pod): void {
    const { uid = "", deletionTimestamp } = pod.metadata ?? {};
    if (!pod.spec?.nodeName) return;
    if (deletionTimestamp) {
      this.end(pod, false);
      return;
    }
    if (this.runners.has(uid) || isOver(pod)) return;
    const runner = new PodRunner(this.host, pod, this.freeAddress());
    this.runners.set(uid, runner);
    this.addresses.add(runner.podAddress);
    runner.start().catch(report(pod));
  }

  private end(pod: V1Pod, isGone: boolean): void {
    const uid = pod.metadata?.uid ?? "";
    const runner = this.runners.get(uid) ?? (isGone || !pod.spec?.nodeName ? undefined : this.adopt(pod));
    if (!runner) return;
    runner
      .end(isGone)
      .then(() => {
        this.runners.delete(uid);
        this.addresses.delete(runner.podAddress);
      })
      .catch(report(pod));
  }

  /** Takes over a pod that ended or was deleted before its start. Only its deletion remains to be confirmed. */
  private adopt(pod: V1Pod): PodRunner {
    const runner = new PodRunner(this.host, pod, "");
    this.runners.set(pod.metadata?.uid ?? "", runner);
    return runner;
  }

  private follow<T extends V1ConfigMap | V1Secret>(kind: "configmaps" | "secrets"): Reflector<T> {
    const tell = ({ metadata }: T, object: T | undefined) => {
      for (const runner of this.runners.values()) {
        if (runner.namespace !== metadata?.namespace) continue;
        runner
          .configChanged(kind, metadata?.name ?? "", object)
          .catch((error: Error) => console.error(`volumes of ${runner.name}: ${error.message}`));
      }
    };
    return reflect<T>(this.host.api, `/api/v1/${kind}`, {
      changed: (object) => tell(object, object),
      deleted: (object) => tell(object, undefined),
    });
  }

  /** Takes addresses in turn, so that a freed address is not reused at once. */
  private freeAddress(): string {
    for (let tries = 0; tries < POD_ADDRESSES; tries++) {
      const address = podAddress(this.plan, this.nextAddress);
      this.nextAddress = (this.nextAddress + 1) % POD_ADDRESSES;
      if (!this.addresses.has(address)) return address;
    }
    throw new Error("All pod addresses of the cluster are in use. Delete pods first.");
  }
}

const isOver = ({ status }: V1Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

const report = (pod: V1Pod) => (error: Error) => console.error(`pod ${pod.metadata?.name}: ${error.message}`);
