import { deepStrictEqual, rejects } from "node:assert";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import { follow } from "../../../../infra/review/overview/follow";
import type { Overview } from "../../../../infra/review/overview/model";

const at = (time: string, others: string[] = []): Overview => ({
  schema: 1,
  at: time,
  networks: [],
  channels: [],
  others: others.map((stack) => ({ stack, next: { action: "look", why: "", commands: [] } })),
  unread: [],
});

/** Follows some looks until none is left. */
async function followed(looks: readonly (Overview | Error)[], onlyChanges: boolean) {
  const [shown, said, slept]: [string[], string[], number[]] = [[], [], []];
  const left = [...looks];
  const ended = new AbortController();
  const run = runWith({
    signal: ended.signal,
    say: (line) => said.push(line),
    clock: {
      now: () => 0,
      sleep: async (seconds) => {
        slept.push(seconds);
        if (left.length === 0) throw new Error("interrupted");
      },
    },
  });
  const look = async (looking: typeof run) => {
    looking.say("reading");
    const next = left.shift();
    if (next instanceof Error || !next) throw next;
    return next;
  };
  await rejects(follow({ look, show: (overview) => shown.push(overview.at), onlyChanges, every: 30 }, run));
  return { shown, said, slept };
}

const away = new UserError("BackendUnreadable", "The backend is away.", "Wait.");

describe("follow", () => {
  it("shows each look on a terminal, and elsewhere only those that differ in more than their time", async () => {
    const looks = [at("1"), at("2"), at("3", ["oldnet"]), at("4", ["oldnet"]), at("5")];
    const { shown, slept } = await followed(looks, false);
    deepStrictEqual(
      [shown, slept],
      [
        ["1", "2", "3", "4", "5"],
        [30, 30, 30, 30, 30],
      ],
    );
    deepStrictEqual((await followed(looks, true)).shown, ["1", "3", "5"]);
  });

  it("keeps looking while the backend is away, says so once, and is quiet after the first look", async () => {
    const { shown, said } = await followed([at("1"), away, away, at("2", ["oldnet"]), away], true);
    deepStrictEqual(shown, ["1", "2"]);
    const lost = "the stacks cannot be listed: The backend is away.";
    deepStrictEqual(said, ["reading", lost, lost]);
  });

  it("fails when there is nothing to show yet", async () => {
    deepStrictEqual((await followed([away, at("1")], true)).shown, []);
  });
});
