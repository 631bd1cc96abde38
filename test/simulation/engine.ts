import { UserError } from "../../infra/base/lib/errors";
import { type Call, type MakeDriver, runCommandLine } from "./commands";
import { filled, type Network, type Step } from "./graph";
import { makeResource, ProviderError } from "./providers";
import type { Process } from "./time";
import type { World } from "./world";

/** What the engine keeps between deployments: the resources that it has seen made, with what their commands printed. */
export type State = Map<string, unknown>;

/** How a deployment ended. */
export type Ending =
  | { readonly how: "done" | "killed" }
  /** With what each failed step said. */
  | { readonly how: "failed" | "interrupted"; readonly errors: readonly unknown[] };

/** When and where a deployment is ended from outside. */
export interface Ends {
  /** Urn of the step after whose work the engine is killed, before it has written the step down. */
  readonly killAfter?: string;
  /** Milliseconds since 1970. */
  readonly killAt?: number;
  readonly interruptAt?: number;
}

/** The engine ended a command that took longer than the program allows. What the command would have said is lost. */
export class EngineTimeout extends Error {}

/**
 * Walks the steps as the engine does: each as soon as all that it needs is made, side by side; what is in the state is
 * not made again; after a failure or an interrupt nothing new begins, and what has begun is waited for.
 */
export class Deployment {
  private readonly running = new Map<string, Promise<void>>();
  private readonly errors: unknown[] = [];
  private readonly interrupt = new AbortController();
  private killed: () => void = () => undefined;

  constructor(
    private readonly steps: readonly Step[],
    private readonly state: State,
    private readonly world: World,
    private readonly process: Process,
    private readonly driver: MakeDriver,
    private readonly ends: Ends = {},
  ) {}

  async run(): Promise<Ending> {
    const { killAt, interruptAt } = this.ends;
    const killed = new Promise<Ending>((resolve) => {
      this.killed = () => {
        this.process.kill();
        resolve({ how: "killed" });
      };
    });
    if (killAt !== undefined) this.world.time.at(killAt, this.killed);
    if (interruptAt !== undefined) this.world.time.at(interruptAt, () => this.interrupt.abort("SIGINT"));
    return Promise.race([this.walk(), killed]);
  }

  private async walk(): Promise<Ending> {
    while (!this.process.dead) {
      if (this.errors.length === 0 && !this.interrupt.signal.aborted) this.begin();
      if (this.running.size === 0) break;
      await Promise.race(this.running.values());
    }
    if (this.steps.every(({ urn }) => this.state.has(urn))) return { how: "done" };
    return { how: this.interrupt.signal.aborted ? "interrupted" : "failed", errors: this.errors };
  }

  private begin(): void {
    for (const step of this.steps) {
      if (this.state.has(step.urn) || this.running.has(step.urn)) continue;
      if (!step.needs.every((urn) => this.state.has(urn))) continue;
      const made = this.make(step)
        .catch((error: unknown) => void this.errors.push(error))
        .finally(() => this.running.delete(step.urn));
      this.running.set(step.urn, made);
    }
  }

  private async make(step: Step): Promise<void> {
    const output = await this.work(step);
    if (this.process.dead) return;
    if (step.urn === this.ends.killAfter) return this.killed();
    this.state.set(step.urn, output);
  }

  private async work(step: Step): Promise<unknown> {
    if (step.type !== "command:local:Command") return makeResource(step, this.network(), this.world, this.process);
    if (step.inputs.create === undefined) return undefined;
    const command = this.process.child();
    const call: Call = {
      world: this.world,
      process: command,
      signal: this.interrupt.signal,
      driver: this.driver,
      environment: this.environment(step),
    };
    const limit = this.process.sleep(step.timeout).then(() => {
      command.kill();
      throw new EngineTimeout(`${step.name} took longer than ${step.timeout} s`);
    });
    return Promise.race([runCommandLine(String(step.inputs.create), call), limit]);
  }

  private environment({ inputs }: Step): Record<string, string> {
    const all = Object.entries((inputs.environment ?? {}) as Record<string, string>);
    const network = this.network();
    return Object.fromEntries(all.map(([name, value]) => [name, network ? given(name, value, network) : value]));
  }

  /** What the network's command printed, once there is a network. */
  private network(): Network | undefined {
    const step = this.steps.find(({ name, type }) => name === "network" && type === "command:local:Command");
    return step && (this.state.get(step.urn) as Network | undefined);
  }
}

const given = (name: string, value: string, network: Network): string =>
  name === "NETWORK_FACTS" ? JSON.stringify(network.facts) : filled(value, network);

/** One line for people that a command or a provider said, or what else came out. */
export function honest(error: unknown): boolean {
  const forPeople = error instanceof UserError || error instanceof ProviderError;
  return forPeople && error.message.length > 0 && !error.message.includes("\n");
}
