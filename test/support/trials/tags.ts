import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { remoteRefs, tagContent } from "../../../infra/base/clients/git";
import { withTemporaryFolder } from "../../../infra/base/lib/temporary";
import type { AnsweredSample } from "../../../infra/base/model/sample";
import { originOf } from "../../../infra/deploy/smoke/origin";
import { factsOf, requireWhole, targetOf } from "../../../infra/prepare/tags/gather";
import { violationsOf } from "../../../infra/prepare/tags/rules";
import { releaseBranch } from "../../../infra/prepare/tags/view";
import { reasonIn, releaseAmong } from "../../../infra/promote/release";
import { pushedTags } from "../../../sandbox/git/pushed-tags";
import { isRefusal, refuses } from "../errors";
import { PLAIN_GIT } from "../tagged-node";
import { type Trial, trialFile, trialInput } from "./trial";

const RELEASE = { major: 1, minor: 2, patch: 3 };

const inFolder = (folder: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: folder, env: { ...process.env, ...PLAIN_GIT }, encoding: "utf8", stdio: "pipe" });

/** A bare node repository with the commit `Releasing v1.2.3`, and a clone of it. */
function madeNode(folder: string): { readonly bare: string; readonly clone: string } {
  const [bare, clone] = [join(folder, "node.git"), join(folder, "clone")];
  inFolder(folder, "git", "init", "-q", "--bare", "-b", "develop", bare);
  inFolder(folder, "git", "clone", "-q", bare, clone);
  inFolder(clone, "git", "checkout", "-q", "-b", "develop");
  inFolder(clone, "git", "commit", "-q", "--allow-empty", "-m", "Releasing v1.2.3");
  inFolder(clone, "git", "push", "-q", "origin", "develop");
  return { bare, clone };
}

/** T14: messages of release tags. */
export const messages: Trial = () =>
  withTemporaryFolder(async (folder) => {
    const { bare, clone } = madeNode(folder);
    const reasonOf = async (kind: string) => {
      inFolder(folder, "sh", trialFile("T14", "make-tags.sh"), clone, kind);
      const { commit } = releaseAmong(await remoteRefs(bare, "refs/tags/v1.2.3*"), bare, RELEASE);
      strictEqual(commit, inFolder(clone, "git", "rev-parse", "v1.2.3+1^{commit}").trim());
      const { message } = await tagContent(bare, "v1.2.3", "CHANGELOG.md");
      return reasonIn(message);
    };
    strictEqual(await reasonOf("nested"), "a tag of a tag");
    strictEqual(await reasonOf("crlf"), "written on Windows");
    strictEqual(await reasonOf("folded"), "the testnet is dead, and its users wait for a new one since Monday");
    strictEqual(await reasonOf("in-text"), undefined);
    strictEqual(await reasonOf("signed"), "signed");
    strictEqual(await reasonOf("empty"), undefined);
    for (const [kind, code] of [
      ["twice", "ReasonTwice"],
      ["latin", "ReasonNotText"],
    ] as const)
      isRefusal(await reasonOf(kind).catch((error: unknown) => error), code, { exitCode: 2 });
  });

/** T15: two builds on one commit. */
export const twins: Trial = async () => {
  const { expected, told } = z
    .object({
      expected: z.object({ tag: z.string(), nodeVersion: z.string() }),
      told: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(trialInput("T15", "observation.json")));
  const nodes = Object.entries(told).map(
    ([node, version]): AnsweredSample => ({
      ...{ node, at: "2026-11-27T10:00:00Z", reachable: true, synced: true },
      ...{ version, topLayer: 1, syncedLayer: 1, verifiedLayer: 1 },
    }),
  );
  const commit = "1a2b3c4d5".padEnd(40, "0");
  const { faults } = originOf(nodes, { ...expected, commit });
  match(faults.join("; "), /v1\.2\.3\+1 .*same commit/);
  ok(!faults.join("; ").includes("miner-4"), faults.join("; "));
};

/** T17: which tags start a job. */
export const filters: Trial = async () => {
  const [, ...rows] = trialInput("T17", "tags.tsv").trim().split("\n");
  const object = "1".repeat(40);
  for (const row of rows) {
    const [tag = "", deploys, releases] = row.split("\t");
    const started = pushedTags(`${"0".repeat(40)} ${object} refs/tags/${tag}`);
    deepStrictEqual(started, deploys === "yes" || releases === "yes" ? [tag] : [], tag);
  }
};

/** T20: tags off the release branch, and shallow clones. */
export const misplacedTags: Trial = () =>
  withTemporaryFolder(async (folder) => {
    inFolder(folder, "sh", trialFile("T20", "make-repo.sh"));
    const work = { folder: join(folder, "work") };
    const records = { certificate: { state: "certified" }, deployed: { state: "none" } } as const;
    const judged = async (tag: string) => {
      const branch = await releaseBranch(work.folder, undefined);
      const target = await targetOf(work, `refs/tags/${tag}`);
      const facts = await factsOf(work, { tag, isNew: false, target, branch }, records);
      return violationsOf(tag, facts)[0]?.what;
    };
    const right: [tag: string, why: RegExp | undefined][] = [
      ["v1.2.3+1", undefined],
      ["v1.2.3+2", /code\.go.*v1\.2\.3\+1 failed/],
      ["v1.2.3+4", /there is no v1\.2\.3\+3/],
      ["v1.2.2+9", /below the last version/],
      ["v1.3.0+1", /has no section 1\.3\.0/],
      ["v1.2.3+10", /there is no v1\.2\.3\+9/],
      ["v1.2.4+1", /not on the release branch develop/],
    ];
    const check = async () => {
      for (const [tag, why] of right) {
        const what = await judged(tag);
        ok(why ? why.test(what ?? "") : what === undefined, `${tag}: ${what}`);
      }
    };
    await check();
    inFolder(work.folder, "git", "checkout", "-q", "--detach");
    await check();
    const shallow = await requireWhole({ folder: join(folder, "shallow") }).catch((error: unknown) => error);
    isRefusal(shallow, "CheckoutShallow", { exitCode: 2, names: ["git fetch --unshallow --tags"] });
    mkdirSync(join(folder, "empty"));
    refuses(() => releaseAmong(new Map(), "repo.git", RELEASE), "TagMissing");
  });
