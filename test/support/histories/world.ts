import { Readable } from "node:stream";
import { promotionsOf, requireGoesOn } from "../../../infra/base/channel/records";
import type { Posted, Webhook } from "../../../infra/base/clients/discord";
import type { Run } from "../../../infra/base/lib/run";
import { together } from "../../../infra/base/lib/together";
import { announcementOf } from "../../../infra/base/model/announcement";
import { type ChannelState, generationOf, type Known, type Promotion } from "../../../infra/base/model/promotion";
import { ObjectExists, type Store } from "../../../infra/base/store/contract";
import { moveBranchOf, type Remote } from "../../../infra/deploy/branch";
import { advance } from "../../../infra/promote/advance";
import { announce } from "../../../infra/promote/announcement/announce";
import { announcementPayload } from "../../../infra/promote/announcement/message";
import type { Process } from "./scheduler";

export const CHANNEL = "testnet";
export const PLACES = { page: "https://test.example.org/", explorer: "https://explorer.test.example.org/" };

/** A fault that is planted to prove that the checker finds it. */
export type Planted =
  | "records are overwritten"
  | "arrives though given up"
  | "gives up without the lock"
  | "branch follows the tag"
  | "announces without an intent"
  | "two engines at once"
  | "no refresh";

/** The systems that a channel's promotions touch, with the contracts of the real ones. */
export class HistoryWorld {
  readonly objects = new Map<string, string>();
  readonly tags = new Map<string, string>();
  readonly branches = new Map<string, string>();
  /** Generations that Discord shows a message of. */
  readonly messages: number[] = [];
  /** Requests that are under way at Discord though their sender is dead. */
  private late: (() => void)[] = [];
  time = Date.parse("2026-01-01T00:00:00Z");
  state: ChannelState = {};
  /** What each step of the stack was last done for, as its state says. */
  private readonly steps = new Map<string, string>();
  names?: string;
  private holder?: Process;
  isDiscordWell = false;

  constructor(
    private readonly chance: () => number,
    private readonly planted?: Planted,
  ) {}

  run = (process: Process): Run => ({
    signal: new AbortController().signal,
    say: () => undefined,
    clock: {
      now: () => this.time,
      sleep: async (seconds) => {
        await process.turn();
        this.pass(seconds);
      },
    },
  });

  /** Time passes, and requests that were under way arrive. */
  pass(seconds: number): void {
    this.time += seconds * 1000;
    for (const arrive of this.late.splice(0)) arrive();
  }

  store = (process: Process): Store => ({
    put: (key, content) =>
      process.operation(() => {
        if (this.objects.has(key) && this.planted !== "records are overwritten") throw new ObjectExists(key);
        this.objects.set(key, String(content));
        const given = /^abandonments\/testnet\/(\d+)\.json$/.exec(key)?.[1];
        if (given !== undefined) process.given = Number(given);
        return { bytes: 0, sha256: "" };
      }),
    get: (key) => Readable.from([Buffer.from(this.objects.get(key) ?? "")], { objectMode: false }),
    list: (prefix) => process.operation(() => [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort()),
    probe: async () => undefined,
  });

  remote = (process: Process): Remote => ({
    refs: (...names) =>
      process.operation(() =>
        names.map((name) =>
          name.startsWith("refs/tags/") ? this.tags.get(name.slice(10)) : this.branches.get(name.slice(11)),
        ),
      ),
    fetch: () => process.operation(() => undefined),
    push: (ref, commit, previous) =>
      process.operation(() => {
        const name = ref.slice("refs/heads/".length);
        const isCurrent = this.branches.get(name) === previous;
        if (isCurrent) this.branches.set(name, commit);
        return { exitCode: isCurrent ? 0 : 1, stdout: "", stderr: isCurrent ? "" : "error: stale info" };
      }),
  });

  /** Discord answers, refuses, or takes a message whose answer is lost. A request of a dead sender may arrive late. */
  webhook = (process: Process, generation: number): Webhook => ({
    post: async (): Promise<Posted> => {
      const luck = this.isDiscordWell ? 1 : this.chance();
      if (luck < 0.1) return process.operation(() => ({ outcome: "not-sent", why: "HTTP 403", status: 403 }));
      if (luck < 0.2) return process.operation(() => ({ outcome: "limited", retryAfter: 1 }));
      await process.turn();
      const arrive = () => void this.messages.push(generation);
      if (luck < 0.4) this.late.push(arrive);
      else arrive();
      await process.turn();
      if (luck < 0.4) return { outcome: "unknown", why: "socket hang up" };
      return { outcome: "sent", messageId: `${this.messages.length}` };
    },
    find: async () => ({ outcome: "unknown", why: "nobody asks" }),
  });

  /** Takes the stack's lock, from a dead holder too. */
  async lock(process: Process): Promise<void> {
    const isFree = () => !this.holder?.isAlive || this.planted === "two engines at once";
    do await process.turn(isFree);
    while (!isFree());
    this.holder = process;
  }

  async unlock(process: Process): Promise<void> {
    await process.turn();
    if (this.holder === process) this.holder = undefined;
  }

  /** Waits until nobody is at the stack. */
  async quiet(process: Process): Promise<void> {
    if (this.planted === "gives up without the lock") return process.turn();
    await this.lock(process);
    await this.unlock(process);
  }

  /** What is known of the channel, read as commands read it: from two places at the same time. */
  async known(process: Process): Promise<Known> {
    const [state, promotions] = await together(
      process.operation(() => this.state),
      promotionsOf(this.store(process), CHANNEL),
    );
    return { state, last: promotions.at(-1), promotions };
  }

  /** Updates the channel's stack as its program does (stacks/channel.ts), under its lock. */
  async up(
    process: Process,
    { requested, leaving, refresh = false }: { requested?: Promotion; leaving?: number; refresh?: boolean },
  ): Promise<void> {
    await this.lock(process);
    try {
      const current = this.state;
      const { promotion, previous } = advance(CHANNEL, current, requested);
      if (requested && this.planted !== "arrives though given up")
        await requireGoesOn(this.store(process), current, requested);
      // Steps run again for each move, also for the one back; records at Cloudflare only when their content differs.
      const isStill = promotion.generation === current.promotion?.generation;
      const abandoned = isStill ? (leaving ?? current.abandoned) : undefined;
      const move = `${promotion.generation} after ${abandoned}`;
      if (refresh && this.planted !== "no refresh") this.steps.set("names", this.names ?? "");
      await this.step(process, "names", promotion.tag, async () => {
        this.names = promotion.tag;
      });
      await this.step(process, "branch", move, () => this.moveBranch(process, promotion));
      await this.step(process, "announcement", `${promotion.generation}`, () => this.announce(process, promotion));
      await process.operation(() => {
        this.state = { promotion, previous, network: promotion.tag, ...(abandoned !== undefined && { abandoned }) };
      });
    } finally {
      await this.unlock(process);
    }
  }

  /** A step of the stack: done once for the same input, and again when a kill came before it was on record. */
  private async step(process: Process, name: string, input: string, act: () => Promise<unknown>) {
    if (this.steps.get(name) === input) return;
    await process.turn();
    await act();
    await process.operation(() => this.steps.set(name, input));
  }

  private moveBranch(process: Process, { release, commit }: Promotion): Promise<unknown> {
    const decided = this.planted === "branch follows the tag" ? undefined : commit;
    return moveBranchOf(this.remote(process), "file:///node.git", CHANNEL, { tag: release, commit: decided });
  }

  private announce(process: Process, promotion: Promotion): Promise<unknown> {
    const input = announcementOf(promotion, PLACES);
    const webhook = this.webhook(process, promotion.generation);
    if (this.planted === "announces without an intent") return webhook.post(announcementPayload(input));
    return announce({ store: this.store(process), input, webhook }, this.run(process));
  }

  /** Generations on record, in order. */
  recorded = (): number[] =>
    [...this.objects.keys()]
      .flatMap((key) => /^channels\/testnet\/(\d+)\.json$/.exec(key)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);

  arrivedAt = (): number => generationOf(this.state.promotion);
}
