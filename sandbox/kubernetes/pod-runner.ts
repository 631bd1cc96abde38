import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type {
  V1ConfigMap,
  V1Container,
  V1ContainerStatus,
  V1Pod,
  V1PodCondition,
  V1Secret,
} from "@kubernetes/client-node";
import { loopbackOf } from "./address-plan";
import { ApiError } from "./api";
import { podFolder } from "./cluster-record";
import { MountError } from "./config-volume";
import { containerContext } from "./container-context";
import { ContainerLog, logKey } from "./container-log";
import { ContainerRunner } from "./container-runner";
import { repositoryOf } from "./image";
import type { PodHost } from "./pod-host";
import { podStatus } from "./pod-status";
import type { Program } from "./program";
import { SHELL_IMAGES, shell, startsShell } from "./shell";
import { StatusWriter } from "./status-writer";
import { Volumes } from "./volumes";

/** Milliseconds between two attempts to mount volumes. */
const MOUNT_EVERY = 500;

/** Runs one pod: mounts its volumes, runs its containers, reports its status, and ends with the pod's deletion. */
export class PodRunner {
  readonly namespace: string;
  readonly name: string;
  private readonly uid: string;
  private readonly path: string;
  private readonly folder: string;
  private readonly logFolder: string;
  private readonly initContainers: readonly ContainerRunner[];
  private readonly containers: readonly ContainerRunner[];
  private readonly status: StatusWriter;
  private readonly startTime = new Date();
  private readonly stopping = new AbortController();
  private conditions: readonly V1PodCondition[] = [];
  private volumes: Volumes | undefined;
  private ending: Promise<void> | undefined;

  /** @param podAddress Kubernetes' address of the pod, 10.N.a.b */
  constructor(
    private readonly host: PodHost,
    private readonly pod: V1Pod,
    readonly podAddress: string,
  ) {
    const { namespace = "", name = "", uid = "" } = pod.metadata ?? {};
    this.namespace = namespace;
    this.name = name;
    this.uid = uid;
    this.path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    this.folder = podFolder(host.clusterFolder, namespace, name);
    this.logFolder = join(host.clusterFolder, "logs/pods", `${namespace}_${name}_${uid}`);
    this.status = new StatusWriter(host.api, this.path, uid, () => this.report());
    const { initContainers = [], containers = [] } = pod.spec ?? {};
    this.initContainers = initContainers.map((spec) => this.initContainer(spec));
    this.containers = containers.map((spec) =>
      this.container(spec, host.programOf(repositoryOf(spec.image ?? "")), pod.spec?.restartPolicy ?? "Always"),
    );
  }

  async start(): Promise<void> {
    this.status.changed();
    this.volumes = await this.mount();
    if (!this.volumes || this.ending) return;
    if (this.initContainers.length > 0) this.wait("PodInitializing");
    for (const container of this.initContainers) if (!(await container.finish())) return;
    if (this.ending || this.stopping.signal.aborted) return;
    for (const container of this.containers) {
      if (this.stopping.signal.aborted) return;
      container.start();
      await container.hooked;
    }
  }

  /** Updates the pod's files after a change of a ConfigMap or Secret in its namespace. */
  async configChanged(kind: "configmaps" | "secrets", name: string, object: V1ConfigMap | V1Secret | undefined) {
    await this.volumes?.update(kind, name, object);
  }

  /** Ends the containers. Confirms the deletion to the API server, unless the pod is already gone. */
  end(isGone: boolean): Promise<void> {
    this.ending ??= this.stop().then(() => (isGone ? undefined : this.confirmDeletion()));
    return this.ending;
  }

  /** Ends the containers and leaves the pod's object alone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.initContainers, ...this.containers].map((container) => container.stop()));
    await this.status.settled();
    const { initContainers = [], containers = [] } = this.pod.spec ?? {};
    for (const { name } of [...initContainers, ...containers]) this.removeLogs(name);
    for (const folder of [this.folder, this.logFolder]) await rm(folder, { recursive: true, force: true });
  }

  private async mount(): Promise<Volumes | undefined> {
    const { api, clusterFolder } = this.host;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        return await Volumes.mount(api, this.pod, clusterFolder, this.folder);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
        this.wait("ContainerCreating", error.message);
        await delay(MOUNT_EVERY, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  /** Reports why no container can start yet. */
  private wait(reason: string, message?: string): void {
    for (const container of [...this.initContainers, ...this.containers]) container.wait(reason, message);
  }

  /** An init container runs until it ends with 0, unless the pod never restarts anything. */
  private initContainer(spec: V1Container): ContainerRunner {
    const repository = repositoryOf(spec.image ?? "");
    const program = this.host.programOf(repository);
    const isShell = startsShell(spec) && (program !== undefined || SHELL_IMAGES.has(repository));
    const restartPolicy = this.pod.spec?.restartPolicy === "Never" ? "Never" : "OnFailure";
    return this.container(spec, isShell ? shell : program, restartPolicy, true);
  }

  private container(
    spec: V1Container,
    program: Program | undefined,
    restartPolicy: string,
    isInit = false,
  ): ContainerRunner {
    const contextOf = (container: V1Container, log: (line: string) => void) =>
      containerContext({
        host: this.host,
        pod: this.pod,
        container,
        address: loopbackOf(this.podAddress),
        mounts: this.volumes?.mountsOf(spec) ?? {},
        log,
      });
    const hook = spec.lifecycle?.postStart?.exec?.command;
    return new ContainerRunner({
      spec,
      podUid: this.uid,
      restartPolicy,
      program,
      isInit,
      openLog: (instance) => this.openLog(spec.name, join(this.logFolder, `${spec.name}.${instance}.log`)),
      context: (log) => contextOf(spec, log),
      changed: () => this.status.changed(),
      ...(hook && {
        hook: async () => shell(await contextOf({ ...spec, command: hook, args: [] }, () => undefined)),
      }),
    });
  }

  private openLog(container: string, file: string): ContainerLog {
    const { logs } = this.host;
    const key = logKey(this.namespace, this.name, container);
    const before = logs.get(key);
    before?.previous?.remove();
    const log = new ContainerLog(file);
    logs.set(key, { current: log, previous: before?.current });
    return log;
  }

  private removeLogs(container: string): void {
    const { logs } = this.host;
    const key = logKey(this.namespace, this.name, container);
    const { current, previous } = logs.get(key) ?? {};
    current?.remove();
    previous?.remove();
    logs.delete(key);
  }

  private report() {
    const { pod, podAddress, startTime, conditions } = this;
    const { hostAddress } = this.host;
    const [initContainers, containers] = [this.initContainers, this.containers].map((runners) =>
      runners.map((container) => container.status()),
    ) as [V1ContainerStatus[], V1ContainerStatus[]];
    const report = { pod, podAddress, hostAddress, startTime, initContainers, containers, conditions };
    const status = podStatus(report, new Date());
    this.conditions = status.conditions ?? [];
    return status;
  }

  private async confirmDeletion(): Promise<void> {
    try {
      await this.host.api.delete(this.path, { gracePeriodSeconds: 0, preconditions: { uid: this.uid } });
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 409)) throw error;
    }
  }
}
