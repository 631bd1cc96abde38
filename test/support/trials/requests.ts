import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { z } from "zod";
import { runWith } from "../../../infra/base/lib/run";
import { withTemporaryFolder } from "../../../infra/base/lib/temporary";
import { causesOf } from "../../../infra/prepare/bump";
import { prepare } from "../../../infra/prepare/run";
import { planLines } from "../../../infra/prepare/text";
import { isRefusal } from "../errors";
import { BOT, MARKER, type PostWorld } from "../github-post";
import { PLAIN_GIT } from "../tagged-node";
import { type Trial, trialBytes, trialInput } from "./trial";

/** T11: what a break is, and what only looks like one. */
export const bumps: Trial = () =>
  withTemporaryFolder(async (folder) => {
    const git = (args: readonly string[], input?: Buffer) =>
      execFileSync("git", args, { cwd: folder, env: { ...process.env, ...PLAIN_GIT }, input, stdio: "pipe" });
    git(["init", "--quiet", "--initial-branch", "develop"]);
    git(["fast-import", "--quiet"], trialBytes("T11", "history.fi"));
    git(["checkout", "--quiet", "develop"]);
    const planned = (wish: Parameters<typeof prepare>[0]["wish"]) => {
      const person = { sees: () => undefined, chooses: async () => wish, agrees: async () => undefined };
      return prepare({ folder, branch: undefined, wish, isDry: true }, person, runWith());
    };
    const prepared = await planned({ isForced: false });
    ok(prepared.state === "planned");
    const { plan, choice } = prepared;
    deepStrictEqual([choice.version.major, choice.version.minor, choice.version.patch], [2, 0, 0]);
    const causes = causesOf(plan.proposal).map((sign) => JSON.stringify(sign));
    strictEqual(causes.length, 1, causes.join());
    match(causes[0] ?? "", /one table less.*BREAKING-CHANGE/);
    strictEqual(plan.undone.length, 1);
    const told = planLines(plan).join("\n");
    for (const number of ["#202", "#203", "#205", "#206", "#208", "#207"])
      ok(told.includes(number), `${number}: ${told}`);
    strictEqual(told.match(/^feat: a faucet \(#206\)/gm)?.length, 1, told);
    const levels = z.array(z.enum(["minor", "patch"])).parse(["minor", "patch"]);
    for (const level of levels)
      isRefusal(await planned({ level, isForced: false }).catch((error: unknown) => error), "BumpTooSmall", {
        exitCode: 2,
      });
  });

const Comments = z.array(z.object({ user: z.object({ login: z.string() }), body: z.string() }));

/** T45: the own comment among those of others, and values that break a comment. */
export async function ownComment(world: PostWorld): Promise<void> {
  const [first, second] = ["comments-page-1.json", "comments-page-2.json"].map((file) =>
    Comments.parse(JSON.parse(trialInput("T45", file))),
  );
  const asHere = (text: string) => text.replaceAll("<!-- smeshnet preview -->", MARKER);
  for (const { user, body } of [...(first ?? []), ...(second ?? [])])
    world.remark(user.login === "example-bot[bot]" ? BOT : user.login, asHere(body));
  world.github.setFaults({ perPage: 30 });
  const values = z.record(z.string(), z.string()).parse(JSON.parse(trialInput("T45", "diff-values.json")));
  strictEqual((await world.post(Object.values(values).join("\n").slice(0, 60_000))).comment, "updated");
  const comments = world.comments();
  strictEqual(comments.length, 32);
  strictEqual(comments.filter(({ body }) => body.startsWith(MARKER)).length, 1);
  match(comments.find(({ author }) => author === "person-31")?.body ?? "", /^I quote the bot:/);
}
