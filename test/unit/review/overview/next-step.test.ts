import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { parse } from "../../../../infra/base/cli/parse";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import type { ListedSimmer, NextStep } from "../../../../infra/review/overview/model";
import {
  type ChannelSituation,
  type NetworkSituation,
  nextOfChannel,
  nextOfNetwork,
  nextOfOther,
} from "../../../../infra/review/overview/next-step";
import { COMMANDS } from "../../../../scripts/commands";
import { failure, mendable } from "../../../support/failures";
import { promotion } from "../../../support/promotions";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const [OURS, OTHER] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];

const SIMMER: ListedSimmer = {
  verdict: "healthy",
  since: "2026-03-08T00:00:00.000Z",
  day: 3.4,
  days: 7,
  missing: ["3.6 more days healthy or slow"],
  isWatched: true,
  watchedAt: "2026-03-10T11:59:30.000Z",
  fullAt: "2026-03-14T02:00:00.000Z",
};
const FULL: ListedSimmer = { ...SIMMER, day: 7, missing: [], fullAt: undefined };
const CERTIFIED: ListedSimmer = { ...FULL, certifiedAt: "2026-03-10T11:00:00.000Z" };
const STALLED: ListedSimmer = { ...SIMMER, verdict: "stalled", since: "2026-03-10T10:15:30.000Z" };
const POINTS = { channel: "testnet", why: "testnet points to v1.2.3+1" };
const SOURCE = { tag: "v1.2.3+1", repository: "file:///node.git", deployed: OURS, tagged: OURS };

const next = (changes: Partial<NetworkSituation>): NextStep =>
  nextOfNetwork(
    {
      tag: parseBuildTag("v1.2.3+1"),
      state: "complete",
      source: SOURCE,
      freeBuild: 2,
      release: {},
      holds: [],
      unread: [],
      ...changes,
    },
    NOW,
  );

/** Reads a command line of ours as the command itself does; other programs' are left alone. */
async function takes(line: string): Promise<void> {
  const [program, ...words] = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  if (program !== "smeshnet") return;
  const name = [2, 1].map((count) => words.slice(0, count).join(" ")).find((one) => Object.hasOwn(COMMANDS, one));
  ok(name, line);
  const { command } = await COMMANDS[name as keyof typeof COMMANDS].load();
  notStrictEqual(parse(name, command, words.slice(name.split(" ").length)), "help");
}

/** What decides, the action, and the commands. */
const NETWORKS: readonly [about: string, changes: Partial<NetworkSituation>, action: string, commands: string[]][] = [
  ["of which nothing exists", { state: "not deployed" }, "nothing", []],
  ["whose stack is unreadable", { state: "unknown" }, "look", ["pulumi stack --stack 1_2_3_1"]],
  ["that is being deployed", { state: "being deployed" }, "wait", []],
  ["that is being retired", { state: "being retired" }, "retire", ["smeshnet retire v1.2.3+1"]],
  ["that is incomplete", { state: "incomplete" }, "deploy", ["smeshnet deploy v1.2.3+1"]],
  [
    "that is incomplete while a newer build runs",
    { state: "incomplete", newer: { tag: "v1.2.3+2", isDeployed: true } },
    "retire",
    ['smeshnet retire v1.2.3+1 --why "v1.2.3+2 replaces it"'],
  ],
  [
    "that failed the smoke test",
    { state: "smoke test not passed" },
    "fix",
    ["git tag v1.2.3+2", "git push origin v1.2.3+2"],
  ],
  [
    "whose deployment failed, which a person mends",
    { state: "incomplete", failure: mendable() },
    "deploy",
    ["smeshnet deploy v1.2.3+1"],
  ],
  [
    "that failed at its first step",
    { state: "not deployed", failure: mendable() },
    "deploy",
    ["smeshnet deploy v1.2.3+1"],
  ],
  [
    "whose deployment failed, while its next build runs",
    { state: "incomplete", failure: failure(), newer: { tag: "v1.2.3+2", isDeployed: true } },
    "retire",
    ['smeshnet retire v1.2.3+1 --why "v1.2.3+2 replaces it"'],
  ],
  [
    "whose build is at fault",
    { state: "smoke test not passed", failure: failure() },
    "fix",
    ["smeshnet tag build --reason TEXT"],
  ],
  [
    "that failed the smoke test when its next build is tagged",
    { state: "smoke test not passed", newer: { tag: "v1.2.3+2", isDeployed: false } },
    "deploy",
    ["smeshnet deploy v1.2.3+2"],
  ],
  ["that nobody ever watched", {}, "watch", ["smeshnet simmer watch"]],
  ["that simmers", { simmer: SIMMER }, "wait", []],
  ["that nobody watches any more", { simmer: { ...SIMMER, isWatched: false } }, "watch", ["smeshnet simmer watch"]],
  ["that nobody can see", { simmer: { ...SIMMER, verdict: "blind" } }, "look", ["smeshnet status v1.2.3+1"]],
  ["before the effective genesis", { simmer: { ...SIMMER, verdict: "blind", day: 0 } }, "wait", []],
  ["whose days are full", { simmer: FULL }, "certify", ["smeshnet simmer certify v1.2.3+1"]],
  [
    "whose days are full, though nobody watches it",
    { simmer: { ...FULL, isWatched: false } },
    "certify",
    ["smeshnet simmer certify v1.2.3+1"],
  ],
  [
    "that is certified",
    { simmer: CERTIFIED },
    "release",
    ['git tag -a v1.2.3 "v1.2.3+1^{}"', "git push origin v1.2.3"],
  ],
  [
    "that is certified and tagged as a release",
    { simmer: CERTIFIED, release: { commit: OURS } },
    "promote",
    ["smeshnet promote v1.2.3"],
  ],
  [
    "that is certified while the release is another commit",
    { simmer: CERTIFIED, release: { commit: OTHER } },
    "retire",
    ['smeshnet retire v1.2.3+1 --why "v1.2.3 releases bbbbbbbbbbbb"'],
  ],
  ["that a channel points to", { simmer: CERTIFIED, holds: [POINTS] }, "nothing", []],
  [
    "that a channel points to while it stalls",
    { simmer: STALLED, holds: [POINTS] },
    "promote",
    ["smeshnet demote --channel testnet --reason TEXT"],
  ],
  ["that stalls", { simmer: STALLED }, "retire", ["smeshnet retire v1.2.3+1 --verdict stalled --why TEXT"]],
  [
    "that a demotion left",
    { simmer: STALLED, leftBy: "testnet went back from it" },
    "retire",
    ["smeshnet retire v1.2.3+1 --why TEXT"],
  ],
  [
    "whose tag moved",
    { simmer: SIMMER, source: { ...SOURCE, tagged: OTHER } },
    "fix",
    ["git tag --force v1.2.3+1 aaaaaaaaaaaa", "git push --force origin v1.2.3+1"],
  ],
  [
    "whose tag moved while a channel points to it",
    { holds: [POINTS], source: { ...SOURCE, tagged: OTHER } },
    "fix",
    ["git tag --force v1.2.3+1 aaaaaaaaaaaa", "git push --force origin v1.2.3+1"],
  ],
  [
    "that is to go, whatever its tag names",
    { leftBy: "testnet went back from it", source: { ...SOURCE, tagged: undefined } },
    "retire",
    ["smeshnet retire v1.2.3+1 --why TEXT"],
  ],
  [
    "whose tag is gone",
    { simmer: SIMMER, source: { ...SOURCE, tagged: undefined } },
    "fix",
    ["git tag v1.2.3+1 aaaaaaaaaaaa", "git push origin v1.2.3+1"],
  ],
  ["of which something is unread", { simmer: CERTIFIED, unread: ["stack testnet"] }, "look", []],
  ["that a channel points to, though something is unread", { holds: [POINTS], unread: ["a log"] }, "nothing", []],
];

describe("nextOfNetwork", () => {
  for (const [about, changes, action, commands] of NETWORKS) {
    it(`names the next step of a network ${about}`, () => {
      const step = next(changes);
      deepStrictEqual([step.action, step.commands], [action, commands]);
    });
  }

  it("waits until the days can be full", () => {
    strictEqual(next({ simmer: SIMMER }).at, SIMMER.fullAt);
  });

  it("retires a replaced network when its last hold ends", () => {
    const replaced = { channel: "testnet", why: "replaced in testnet by v1.2.4", until: "2026-03-11T09:00:00.000Z" };
    const expiring = { channel: "testnet", why: "caches", until: "2026-03-10T12:05:00.000Z" };
    const later = next({ simmer: CERTIFIED, holds: [expiring, replaced] });
    deepStrictEqual([later.action, later.commands, later.at], ["retire", ["smeshnet retire --due"], replaced.until]);
    strictEqual(next({ holds: [{ ...replaced, until: "2026-03-10T11:00:00.000Z" }] }).at, undefined);
  });

  it("names commands that the parser takes, each in 69 characters, which 80 columns have room for", async () => {
    for (const command of NETWORKS.flatMap(([, changes]) => next(changes).commands)) {
      ok(command.length <= 69, command);
      await takes(command);
    }
  });
});

const channel = (changes: Partial<ChannelSituation>): NextStep =>
  nextOfChannel(
    {
      name: "testnet",
      latest: promotion(4, "v1.2.3"),
      isHalfDone: false,
      announcements: [{ generation: 4, state: { state: "sent", messageId: "5" } }],
      unread: [],
      ...changes,
    },
    NOW,
    70,
  );

const doubt = (since: string) => ({ announcements: [{ generation: 4, state: { state: "doubt" as const, since } }] });

describe("nextOfChannel", () => {
  it("has nothing to do once its promotion is complete and announced", () => {
    deepStrictEqual([channel({}).action, channel({}).commands], ["nothing", []]);
  });

  it("asks for the first promotion of a channel that points to nothing", () => {
    const { action, commands } = channel({ latest: undefined, announcements: [] });
    deepStrictEqual([action, commands], ["promote", ["smeshnet promote RELEASE --channel testnet"]]);
  });

  it("continues what is half done", () => {
    deepStrictEqual(channel({ isHalfDone: true }).commands, ["smeshnet promote v1.2.3 --channel testnet"]);
    const back = promotion(5, "v1.2.2", { kind: "demotion" });
    deepStrictEqual(channel({ isHalfDone: true, latest: back }).commands, [
      "smeshnet demote --channel testnet --reason TEXT",
    ]);
  });

  it("asks a person about an announcement in doubt, once no run can be sending it", () => {
    const { action, commands } = channel(doubt("2026-03-10T11:58:00.000Z"));
    deepStrictEqual(
      [action, commands],
      ["settle", ["smeshnet announce testnet 4 --sent MESSAGE_ID", "smeshnet announce testnet 4 --not-sent"]],
    );
    const active = channel(doubt("2026-03-10T11:59:30.000Z"));
    deepStrictEqual([active.action, active.at], ["wait", "2026-03-10T12:00:40.000Z"]);
  });

  it("promotes again when Discord did not take the announcement", () => {
    const state = { state: "not-sent" as const, why: "Discord answered 404" };
    const { why, commands } = channel({ announcements: [{ generation: 4, state }] });
    deepStrictEqual(commands, ["smeshnet promote v1.2.3 --channel testnet"]);
    match(why, /generation 4 is not announced \(Discord answered 404\)/);
  });

  it("names commands that the parser takes", async () => {
    const commands = [channel({ isHalfDone: true }), channel(doubt("2026-03-10T11:58:00.000Z"))].map(
      ({ commands }) => commands,
    );
    for (const command of commands.flat()) await takes(command.replace("MESSAGE_ID", "1182639470123456789"));
  });

  it("promises nothing while something is unread", () => {
    deepStrictEqual([channel({ unread: ["stack testnet"] }).action], ["look"]);
  });
});

describe("nextOfOther", () => {
  it("asks people to look", () => {
    deepStrictEqual(nextOfOther("oldnet").commands, ["pulumi stack --stack oldnet"]);
  });
});
