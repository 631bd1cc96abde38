import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Container, V1ContainerState, V1ContainerStatus } from "@kubernetes/client-node";
import { BackOff } from "./back-off";
import type { ContainerLog } from "./container-log";
import { imageIdOf } from "./image";
import type { ContainerContext, Program, RunningProgram } from "./program";
import { readinessProbe, startupProbe, watchReadiness, watchStartup } from "./readiness";

/** Input of a container's runner. */
export interface ContainerJob {
  readonly spec: V1Container;
  readonly podUid: string;
  readonly restartPolicy: string;
  /** Program for the image; undefined when the sandbox does not support the image. */
  readonly program: Program | undefined;
  /** Whether it is an init container: it must end with 0, and is ready then. */
  readonly isInit?: boolean;
  /** Makes the context of the next instance. @throws when its environment cannot be made yet */
  readonly context: (log: (line: string) => void) => Promise<ContainerContext>;
  /** Opens the log of an instance. @param instance from 0 */
  readonly openLog: (instance: number) => ContainerLog;
  /** Called when the status changes. */
  readonly changed: () => void;
  /** Runs the container's hook `postStart`, if it has one. */
  readonly hook?: () => Promise<RunningProgram>;
}

type Exit = Awaited<RunningProgram["ended"]>;

/** Milliseconds between two attempts to make a container's environment. */
const TRY_CONFIG_EVERY = 500;

/** Exit of a container that was told to stop, as after a SIGTERM. */
const STOPPED: Exit = { exitCode: 143, reason: "Error" };

/** Exit of a container that never passed its startup probe. */
const KILLED: Exit = { exitCode: 137, reason: "Error" };

/** Runs one container of a pod: starts its program and restarts it when it ends. */
export class ContainerRunner {
  private state: V1ContainerState = { waiting: { reason: "ContainerCreating" } };
  private lastState: V1ContainerState = {};
  private ready = false;
  private started = false;
  private instance = 0;
  private readonly backOff = new BackOff();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private hookEnded: () => void = () => undefined;
  /** Resolves when the first instance's hook has ended. The kubelet starts a pod's next container only then. */
  readonly hooked: Promise<void>;

  constructor(private readonly job: ContainerJob) {
    this.hooked = job.hook
      ? new Promise((resolve) => {
          this.hookEnded = resolve;
        })
      : Promise.resolve();
  }

  /** Runs the container until it is stopped or ends for good. */
  start(): void {
    this.running ??= this.run()
      .catch((error: Error) => {
        console.error(`container ${this.job.spec.name} of pod ${this.job.podUid}: ${error.stack}`);
        this.set({ terminated: { exitCode: 128, reason: "StartError", message: error.message } });
      })
      .finally(() => this.hookEnded());
  }

  /** Runs an init container to its end. False when it was stopped, cannot run, or failed and may not run again. */
  async finish(): Promise<boolean> {
    this.start();
    await this.running;
    return this.state.terminated?.exitCode === 0;
  }

  /** Reports why the container cannot start yet. */
  wait(reason: string, message?: string): void {
    this.set({ waiting: { reason, ...(message === undefined ? {} : { message }) } });
  }

  /** Ends the program. Resolves when its ports are free. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  status(): V1ContainerStatus {
    const { spec, podUid } = this.job;
    const isStarted = this.state.waiting === undefined || this.instance > 0;
    return {
      name: spec.name,
      image: spec.image ?? "",
      imageID: isStarted ? imageIdOf(spec.image ?? "") : "",
      ...(isStarted ? { containerID: `sandbox://${podUid}/${spec.name}/${this.instance}` } : {}),
      state: this.state,
      lastState: this.lastState,
      ready: this.job.isInit ? this.state.terminated?.exitCode === 0 : this.ready,
      started: this.started,
      restartCount: this.instance,
    };
  }

  private async run(): Promise<void> {
    const { program, spec, restartPolicy } = this.job;
    const { signal } = this.stopping;
    if (!program) {
      this.wait("ErrImagePull", `the sandbox does not support image "${spec.image}"`);
      return;
    }
    while (!signal.aborted) {
      const startedAt = new Date();
      const exit = await this.runOnce(program, startedAt);
      if (!exit) return;
      const terminated = { ...exit, startedAt, finishedAt: new Date(), containerID: this.status().containerID };
      this.set({ terminated });
      if (signal.aborted || restartPolicy === "Never" || (restartPolicy === "OnFailure" && exit.exitCode === 0)) return;
      const wait = this.backOff.next(Date.now() - startedAt.getTime());
      this.lastState = { terminated };
      if (wait > 0) this.wait("CrashLoopBackOff", `back-off ${wait / 1000}s restarting failed container=${spec.name}`);
      await delay(wait, undefined, { signal }).catch(() => undefined);
      this.instance += 1;
    }
  }

  /** Runs one instance from start to end; undefined when it was stopped before its start. */
  private async runOnce(program: Program, startedAt: Date): Promise<Exit | undefined> {
    let log: ContainerLog | undefined;
    const context = await this.prepare((line) => log?.append(line));
    if (!context) return undefined;
    log = this.job.openLog(this.instance);
    try {
      const running = await start(program, context, log);
      if (!running) return { exitCode: 1, reason: "Error" };
      const health = this.watchHealth(running, context.address);
      this.set({ running: { startedAt } });
      const copied = running.output && copyOutput(running.output, log);
      const ended = Promise.race([running.ended, health.failed, this.stopped()]);
      const hooked = this.runHook(ended);
      const exit = await ended;
      health.stop();
      await hooked;
      this.started = false;
      this.ready = false;
      if (exit === KILLED) log.append("startup probe failed, the container is restarted");
      await running.stop();
      await copied;
      return exit;
    } finally {
      log.end();
    }
  }

  /** Runs the hook of an instance until it ends, or the instance does. */
  private async runHook(ended: Promise<unknown>): Promise<void> {
    const running = await this.job.hook?.().catch(() => undefined);
    if (running) {
      await Promise.race([running.ended, ended]);
      await running.stop();
    }
    this.hookEnded();
  }

  /** Watches the startup probe, then the readiness. `failed` resolves when the container never passed the first. */
  private watchHealth(running: RunningProgram, address: string): { failed: Promise<Exit>; stop(): void } {
    const watch = () => {
      this.started = true;
      return watchReadiness(
        () => running.ready(),
        readinessProbe(this.job.spec, address),
        (ready) => {
          this.ready = ready;
          this.job.changed();
        },
      );
    };
    const probe = startupProbe(this.job.spec, address);
    let stop: () => void = () => undefined;
    const failed = new Promise<Exit>((resolve) => {
      if (!probe) stop = watch();
      else
        stop = watchStartup(probe, (hasPassed) => {
          if (!hasPassed) return resolve(KILLED);
          stop = watch();
          this.job.changed();
        });
    });
    return { failed, stop: () => stop() };
  }

  /** Waits until every object exists that the environment refers to. */
  private async prepare(log: (line: string) => void): Promise<ContainerContext | undefined> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        return await this.job.context(log);
      } catch (error) {
        this.wait("CreateContainerConfigError", (error as Error).message);
        await delay(TRY_CONFIG_EVERY, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  private stopped(): Promise<Exit> {
    const { signal } = this.stopping;
    if (signal.aborted) return Promise.resolve(STOPPED);
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(STOPPED)));
  }

  private set(state: V1ContainerState): void {
    this.state = state;
    this.job.changed();
  }
}

/** Starts the program. When that fails, the reason becomes the last line of the log. */
async function start(program: Program, context: ContainerContext, log: ContainerLog) {
  try {
    return await program(context);
  } catch (error) {
    log.append((error as Error).message);
    return undefined;
  }
}

async function copyOutput(output: NodeJS.ReadableStream, log: ContainerLog): Promise<void> {
  for await (const line of createInterface({ input: output })) log.append(line);
}
