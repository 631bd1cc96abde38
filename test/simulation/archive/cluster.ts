import { Readable } from "node:stream";
import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { ApiError, type ClusterApi, type ContainerLog } from "../../../infra/base/clients/kubernetes/client";
import type { Clock } from "../../../infra/base/lib/clock";
import { generator } from "../faults";
import { SimulatedContainer, type SimulatedRun, served } from "./container";

const START = Date.parse("2026-11-20T10:00:00Z");

/** A pod of the simulated cluster. */
export interface SimulatedPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly containers: readonly SimulatedContainer[];
  state: "here" | "evicted" | "gone";
}

type Trouble = "refused" | "kubelet says so" | "broken" | "slow list";

/**
 * A cluster that keeps the contract of Kubernetes with logs, and knows all that was ever written. It serves the newest file
 * of a run alone, gives the kubelet's errors with status 200, and loses pods, nodes and containers.
 */
export class SimulatedCluster implements Clock {
  now = (): number => this.time;
  readonly pods: SimulatedPod[] = [];
  readonly nodes = new Set(["node-1", "node-2", "node-3"]);
  /** Trouble that lasts until a time, with a pod or with all. */
  private troubles: { readonly kind: Trouble; readonly pod?: string; readonly until: number }[] = [];
  /** Whether the account may ask nodes for the size of logs. */
  private readonly mayAskNodes: boolean;
  /** Lines that a busy container writes in ten seconds, at most. */
  private readonly pace: number;
  private time = START;
  private nanos = 0;
  private numbers = 0;
  readonly draw: () => number;
  /** Draws for answers, whose order may differ from run to run. */
  private readonly cut: () => number;

  constructor(seed: number) {
    this.draw = generator(seed);
    this.cut = generator(-seed);
    const count = 2 + Math.floor(this.draw() * 3);
    for (let i = 1; i <= count; i += 1) this.deploy(`miner-${i}`, ["busy"]);
    this.mayAskNodes = this.draw() > 0.15;
    this.pace = this.draw() < 0.4 ? 1.5 : 9;
    // Without the size of its files, a container that is silent at first looks as if its log had rotated.
    const quiet = this.mayAskNodes ? "silent" : "busy";
    this.deploy("explorer", [quiet]);
    this.deploy("poet-1", ["busy", quiet]);
  }

  async sleep(seconds: number): Promise<void> {
    this.time += seconds * 1000;
  }

  /** A time that the runtime writes; some lines share one. */
  private stamp(): string {
    if (this.draw() > 0.1) this.nanos = (this.nanos + 1 + Math.floor(this.draw() * 1000)) % 1_000_000;
    return `${new Date(this.time).toISOString().slice(0, -1)}${String(this.nanos).padStart(6, "0")}Z`;
  }

  private deploy(name: string, kinds: readonly ("busy" | "silent")[]): void {
    this.numbers += 1;
    const pod = `${name}-${this.numbers.toString(36).padStart(4, "a")}`;
    const node = [...this.nodes][Math.floor(this.draw() * this.nodes.size)] as string;
    const containers = [new SimulatedContainer(pod, "prepare", "init")];
    for (const [i, kind] of kinds.entries()) containers.push(new SimulatedContainer(pod, `main-${i + 1}`, kind));
    for (const one of containers) this.begin(one);
    this.pods.push({ name: pod, uid: `uid-${pod}`, node, containers, state: "here" });
  }

  private begin(one: SimulatedContainer): void {
    one.start(new Date(Math.floor(this.time / 1000) * 1000).toISOString()); // the API tells whole seconds
    if (one.kind !== "silent") one.write(this.stamp(), 40);
    if (one.kind === "init") one.end(this.stamp());
  }

  /** Ends a run as programs do: with some last words. */
  private stop(one: SimulatedContainer): void {
    one.write(this.stamp(), 40);
    one.end(this.stamp());
  }

  private get alive(): SimulatedContainer[] {
    return this.pods
      .filter(({ state, node }) => state === "here" && this.nodes.has(node))
      .flatMap(({ containers }) => containers)
      .filter(({ current, isWaiting, kind }) => kind !== "init" && (isWaiting || current?.endedAt === undefined));
  }

  /** Lets half a minute pass. @param isWild whether something may happen to the cluster */
  tick(isWild: boolean): void {
    for (let part = 0; part < 3; part += 1) {
      this.time += 10_000;
      for (const one of this.alive) {
        if (one.isWaiting) continue;
        const age = this.time - Date.parse(one.current?.startedAt ?? "");
        const lines =
          one.kind === "busy" ? Math.floor(this.draw() * this.pace) : age > 150_000 && this.draw() < 0.3 ? 1 : 0;
        for (let i = 0; i < lines; i += 1) one.write(this.stamp(), Math.floor(this.draw() * 2000));
        one.rotate();
      }
    }
    for (const one of this.alive) if (one.isWaiting && this.draw() < 0.5) this.begin(one);
    if (isWild) this.happen();
  }

  /** Lets each container that runs write a line, so that each log that is not read lacks one. */
  speak(): void {
    for (const one of this.alive) one.write(this.stamp(), 40);
  }

  private happen(): void {
    const here = this.pods.filter(({ state, node }) => state === "here" && this.nodes.has(node));
    const pod = here[Math.floor(this.draw() * here.length)];
    const one = pod?.containers.at(-1);
    if (!pod || !one || one.isWaiting) return;
    const what = this.draw();
    if (what < 0.12) {
      this.stop(one);
      if (this.draw() < 0.5) one.isWaiting = true;
      else this.begin(one);
    } else if (what < 0.14) {
      for (const each of pod.containers) this.stop(each);
      pod.state = "evicted";
    } else if (what < 0.16) {
      for (const each of pod.containers) this.stop(each);
      pod.state = "gone";
      this.deploy(pod.name.split("-")[0] === "miner" ? "miner-9" : "other", ["busy"]);
    } else if (what < 0.17 && this.nodes.size > 1) {
      for (const each of this.pods.filter(({ node }) => node === pod.node))
        for (const part of each.containers) this.stop(part);
      this.nodes.delete(pod.node);
    } else if (what < 0.22) {
      const dead = one.runs.at(-2);
      if (dead) dead.files = []; // the garbage collection of the kubelet
    } else if (what < 0.3) this.trouble(60 + this.draw() * 300);
  }

  /** Begins trouble with one pod or with all. */
  trouble(seconds: number): void {
    const kinds: Trouble[] = ["refused", "kubelet says so", "broken", "slow list"];
    const kind = kinds[Math.floor(this.draw() * kinds.length)] as Trouble;
    const pod = this.draw() < 0.7 ? this.pods[Math.floor(this.draw() * this.pods.length)]?.name : undefined;
    this.troubles.push({ kind, ...(pod !== undefined && { pod }), until: this.time + seconds * 1000 });
  }

  private inTrouble(pod: string | undefined): Trouble | undefined {
    const now = this.troubles.filter(({ until }) => until > this.time);
    return now.find((one) => one.pod === undefined || one.pod === pod)?.kind;
  }

  /** All runs of a pod's containers, of the pods that are gone too. */
  get truth(): { readonly pod: SimulatedPod; readonly container: SimulatedContainer; readonly run: SimulatedRun }[] {
    return this.pods.flatMap((pod) =>
      pod.containers.flatMap((container) => container.runs.map((run) => ({ pod, container, run }))),
    );
  }

  readonly api: ClusterApi = {
    namespace: "default",
    core: {
      listNamespacedPod: async () => {
        if (this.inTrouble(undefined) === "slow list") throw new ApiError(503, "the server is currently unable");
        return { items: this.pods.filter(({ state }) => state !== "gone").map((pod) => this.podOf(pod)) };
      },
      listNamespacedEvent: async () => ({ items: this.pods.map(startedEvent) }),
      listNode: async () => ({ items: [...this.nodes].map((name) => ({ metadata: { name } })) }),
    } as unknown as ClusterApi["core"],
    apps: {} as ClusterApi["apps"],
    log: (log) => this.log(log),
    statsOf: async (node) => this.stats(node),
  };

  private podOf({ name, uid, node, containers, state }: SimulatedPod): V1Pod {
    const metadata = { name, uid };
    const isInit = ({ kind }: SimulatedContainer) => kind === "init";
    const names = (some: readonly SimulatedContainer[]) => some.map((one) => ({ name: one.name }));
    const others = containers.filter((one) => !isInit(one));
    const spec = { nodeName: node, containers: names(others), initContainers: names(containers.filter(isInit)) };
    const startTime = new Date(START);
    if (state === "evicted")
      return {
        metadata,
        spec,
        status: { phase: "Failed", reason: "Evicted", message: "The node was low on resource.", startTime },
      };
    return {
      metadata,
      spec,
      status: {
        phase: "Running",
        startTime,
        initContainerStatuses: containers.filter(isInit).map(({ status }) => status),
        containerStatuses: others.map(({ status }) => status),
      },
    };
  }

  private async log({ pod: name, container: of, previous }: ContainerLog): ReturnType<ClusterApi["log"]> {
    const pod = this.pods.find((one) => one.name === name && one.state === "here");
    const container = pod?.containers.find((one) => one.name === of);
    if (!pod || !container) throw new ApiError(404, `pods "${name}" not found`);
    if (!this.nodes.has(pod.node))
      throw new ApiError(500, `Get "https://10.0.0.1:10250/containerLogs": dial tcp: no route to host`);
    const kind = this.inTrouble(name);
    if (kind === "refused") throw new ApiError(500, "the server has asked for the client to try again");
    const dead = container.isWaiting ? container.runs.at(-1) : container.runs.at(-2);
    const run = previous ? dead : container.current;
    if (!run) throw new ApiError(400, `previous terminated container "${of}" in pod "${name}" not found`);
    if (kind === "kubelet says so") return sent([`unable to retrieve container logs for ${run.id}`], this.cut);
    const file = run.files.at(-1);
    const path = `/var/log/pods/default_${name}/${of}/${run.number}.log`;
    if (!file)
      return sent(
        [`failed to try resolving symlinks in path "${path}": lstat ${path}: no such file or directory`],
        this.cut,
      );
    const text = file.map(served);
    if (kind !== "broken") return sent(text, this.cut);
    return this.cut() < 0.5
      ? sent(
          [...text.slice(0, text.length / 2), "rpc error: code = Unavailable desc = error reading from server: EOF"],
          this.cut,
        )
      : sent(text.slice(0, text.length / 2), this.cut, new Error("aborted"));
  }

  private stats(node: string): object {
    if (!this.mayAskNodes) throw new ApiError(403, "nodes is forbidden: cannot get resource nodes/proxy");
    if (!this.nodes.has(node)) throw new ApiError(404, `nodes "${node}" not found`);
    const here = this.pods.filter((pod) => pod.node === node && pod.state === "here");
    return {
      pods: here.map(({ name, containers }) => ({
        podRef: { name, namespace: "default" },
        containers: containers.map((one) => ({ name: one.name, logs: { usedBytes: one.space } })),
      })),
    };
  }
}

const startedEvent = ({ name, uid }: SimulatedPod): CoreV1Event => ({
  metadata: {},
  reason: "Started",
  involvedObject: { kind: "Pod", name, uid },
});

/** An answer in pieces of any size. */
function sent(lines: readonly string[], draw: () => number, failure?: Error): ReturnType<ClusterApi["log"]> {
  const all = Buffer.from(lines.join(""));
  const pieces = function* () {
    for (let at = 0; at < all.length; ) {
      const size = 1 + Math.floor(draw() * 30_000);
      yield all.subarray(at, at + size);
      at += size;
    }
    if (failure) throw failure;
  };
  return Promise.resolve(Readable.from(pieces(), { objectMode: false })) as unknown as ReturnType<ClusterApi["log"]>;
}
