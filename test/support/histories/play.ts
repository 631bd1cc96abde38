import { writeDown } from "../../../infra/base/channel/records";
import { UserError } from "../../../infra/base/lib/errors";
import { announcementOf } from "../../../infra/base/model/announcement";
import {
  generationOf,
  type Known,
  mayBeAstray,
  newestOf,
  type Promotion,
  type Target,
} from "../../../infra/base/model/promotion";
import { abandon } from "../../../infra/promote/abandon";
import { announce, announcementState, LONGEST_TRY } from "../../../infra/promote/announcement/announce";
import { settle } from "../../../infra/promote/announcement/settle";
import { decide, demotionTarget } from "../../../infra/promote/plan";
import { isLinearizable, type Operation } from "./register";
import { type Process, random, Scheduler } from "./scheduler";
import { CHANNEL, HistoryWorld, PLACES, type Planted } from "./world";

const COMMANDS = 4;
const KILLS = 6;
const KILL_CHANCE = 0.04;

/** One seeded history: two writers, kills, then one person who ends what is open. @returns what is wrong with it */
export async function played(seed: number, planted?: Planted): Promise<string[]> {
  return new History(seed, planted).play();
}

class History {
  private readonly chance: () => number;
  private readonly world: HistoryWorld;
  private readonly scheduler: Scheduler;
  private readonly operations: Operation[] = [];
  private readonly open = new Map<Process, Set<Omit<Operation, "to" | "result">>>();
  private readonly wrong: string[] = [];
  private readonly next = new Map<Process, () => void>();
  private releases = 0;

  constructor(seed: number, planted?: Planted) {
    this.chance = random(seed);
    this.world = new HistoryWorld(this.chance, planted);
    this.scheduler = new Scheduler(this.chance, (process) => this.killed(process));
  }

  async play(): Promise<string[]> {
    for (const _ of [1, 2]) this.writer(COMMANDS);
    await this.scheduler.play(KILLS, KILL_CHANCE);
    this.world.isDiscordWell = true;
    this.world.pass(LONGEST_TRY);
    this.scheduler.start(
      (process) => this.guarded(() => this.finish(process)),
      () => undefined,
    );
    await this.scheduler.play(0, 0);
    if (!isLinearizable(this.operations)) this.wrong.push("no order of the operations is one of a register");
    this.checkWorld();
    return this.wrong;
  }

  /** Runs commands one after another. After a kill the next one begins. */
  private writer(left: number): void {
    if (left === 0) return;
    const goOn = () => this.writer(left - 1);
    this.scheduler.start((process) => {
      this.next.set(process, goOn);
      return this.guarded(() => this.command(process));
    }, goOn);
  }

  /** A user's error ends a command; any other is a fault of the code. */
  private async guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof UserError)) this.wrong.push(String((error as Error).stack));
    }
  }

  private killed(process: Process): void {
    for (const one of this.open.get(process) ?? [])
      this.operations.push(ended(one, process, "unknown", this.scheduler.at));
    this.next.get(process)?.();
  }

  private async command(process: Process): Promise<void> {
    const luck = this.chance();
    const known = await this.look(process);
    const newest = newestOf(known);
    const isOpen = generationOf(newest) > generationOf(known.state.promotion);
    if (luck < 0.35 && newest) return this.giveUp(process, newest);
    if (luck < 0.45) return this.move(process, known, demotionTarget(known, CHANNEL, "it stalls"));
    if (luck < 0.65 && isOpen && newest && !newest.abandoned) return this.move(process, known, newest);
    const release = `v1.0.${++this.releases}`;
    const commit = release.slice(5).padStart(40, "a");
    // The tag moves after the decision, as whoever may push can do.
    this.world.tags.set(release, this.chance() < 0.3 ? "f".repeat(40) : commit);
    const target = { channel: CHANNEL, kind: "promotion", release, tag: `${release}+1`, commit } as const;
    await this.move(process, known, { ...target, reason: "a trial", changes: "" });
  }

  /** Looks at the channel, and notes what it read. */
  private async look(process: Process): Promise<Known> {
    const from = this.scheduler.at;
    const known = await this.world.known(process);
    const ok = { result: "ok", from, to: this.scheduler.at } as const;
    this.operations.push({ what: "read taken", generation: generationOf(newestOf(known)), ...ok });
    this.operations.push({ what: "read at", generation: generationOf(known.state.promotion), ...ok });
    return known;
  }

  /** What `smeshnet promote` and `demote` do (infra/promote/run.ts, move.ts). */
  private async move(process: Process, known: Known, target: Target): Promise<void> {
    const { action, promotion } = decide(known, target);
    const { generation } = promotion;
    if (action === "begin")
      await this.operation(process, { what: "begin", generation }, () =>
        writeDown(this.world.store(process), promotion),
      );
    const refresh = mayBeAstray(known, promotion);
    await this.arrive(process, promotion, refresh);
  }

  private arrive(process: Process, promotion: Promotion, refresh: boolean): Promise<void> {
    return this.operation(process, { what: "arrive", generation: promotion.generation }, () =>
      this.world.up(process, { requested: promotion, refresh }),
    );
  }

  /** What `smeshnet promote RELEASE --abandon TEXT` does. */
  private async giveUp(process: Process, { release, generation }: Promotion): Promise<void> {
    const { world } = this;
    const hands = {
      known: () => world.known(process),
      holdsAnything: async () => true, // for words only
      quiet: () => world.quiet(process),
      putBack: (leaving: number) => world.up(process, { leaving, refresh: true }),
    };
    const wanted = { channel: CHANNEL, release, reason: "it cannot be finished" };
    await this.operation(process, { what: "give up", generation }, async () => {
      const given = await abandon(wanted, { hands, store: world.store(process) }, world.run(process));
      process.given = given.generation;
    });
  }

  /** Notes when an operation begins and how it ends. */
  private async operation(
    process: Process,
    about: Pick<Operation, "what" | "generation">,
    act: () => Promise<void>,
  ): Promise<void> {
    const begun = { ...about, from: this.scheduler.at };
    const all = this.open.get(process) ?? new Set();
    this.open.set(process, all.add(begun));
    const note = (result: Operation["result"] | undefined) => {
      all.delete(begun);
      if (result) this.operations.push(ended(begun, process, result, this.scheduler.at));
    };
    try {
      await act();
      note("ok");
    } catch (error) {
      note(resultOf(error, about.what));
      throw error;
    }
  }

  /** What a person does at the end: nothing may stay open, and each thing that is open can be ended. */
  private async finish(process: Process): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      const known = await this.look(process);
      const newest = newestOf(known);
      const { promotion } = known.state;
      try {
        if (newest?.abandoned && newest.abandoned.backAt === undefined) await this.giveUp(process, newest);
        else if (newest && !newest.abandoned && newest.generation > generationOf(promotion)) {
          if (this.chance() < 0.5) await this.giveUp(process, newest);
          else await this.move(process, known, newest);
        } else if (promotion && (await this.isUncertain(process, promotion))) await this.settle(process, promotion);
        else return;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.wrong.push(`what is open cannot be ended: ${error.message}`);
      }
    }
    this.wrong.push("what is open is never ended");
  }

  private async isUncertain(process: Process, { generation }: Promotion): Promise<boolean> {
    return (await announcementState(this.world.store(process), CHANNEL, generation)).state !== "sent";
  }

  /** A person looks at Discord, confirms what is there, and the promotion runs again. */
  private async settle(process: Process, promotion: Promotion): Promise<void> {
    const { world } = this;
    const { generation } = promotion;
    const [store, run] = [world.store(process), world.run(process)];
    const { state } = await announcementState(store, CHANNEL, generation);
    const messageId = world.messages.includes(generation) ? "1" : undefined;
    if (state === "doubt") await settle({ store, channel: CHANNEL, generation, messageId }, run);
    await announce(
      { store, input: announcementOf(promotion, PLACES), webhook: world.webhook(process, generation) },
      run,
    );
  }

  /** What must hold when nobody is at the channel any more. */
  private checkWorld(): void {
    const { world } = this;
    const { promotion } = world.state;
    const check = (holds: boolean, what: string) => void (holds || this.wrong.push(what));
    const recorded = world.recorded();
    check(
      recorded.every((generation, i) => generation === i + 1),
      `generations ${recorded.join()} are on record: one is missing`,
    );
    check(
      world.branches.get(CHANNEL) === promotion?.commit || !promotion,
      "the branch is not at the promotion's commit",
    );
    check(world.names === promotion?.tag || !promotion, "the names lead to another network");
    const twice = world.messages.filter((one, i) => world.messages.indexOf(one) !== i);
    check(twice.length === 0, `generations ${twice.join()} are announced twice`);
    check(!promotion || world.messages.includes(promotion.generation), "the present promotion is not announced");
  }
}

const ended = (
  begun: Omit<Operation, "to" | "result">,
  { given }: Process,
  result: Operation["result"],
  now: number,
): Operation => ({
  ...begun,
  generation: (begun.what === "give up" ? given : undefined) ?? begun.generation,
  result,
  to: result === "unknown" ? Number.POSITIVE_INFINITY : now,
});

/** How an operation ended that failed; undefined when it changed nothing and says nothing about the register. */
function resultOf(error: unknown, what: Operation["what"]): Operation["result"] | undefined {
  const code = error instanceof UserError ? error.code : undefined;
  if (code === "PromotionOvertaken") return "overtaken";
  if (code === "PromotionAbandoned") return "given up";
  if (code === "PromotionFinished") return "arrived";
  return what === "give up" && code !== "NothingToAbandon" ? "unknown" : undefined;
}
