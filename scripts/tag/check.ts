import { as, defineCommand, flag, optionalArgument, toggle } from "../../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../../infra/base/cli/environment";
import { file } from "../../infra/base/cli/flags";
import { answer, print } from "../../infra/base/cli/process";
import { boundedText, LIMITS } from "../../infra/base/lib/bounded";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { withTemporaryFolder } from "../../infra/base/lib/temporary";
import { branchName } from "../../infra/base/model/formats";
import type { Judged } from "../../infra/prepare/tags/judge";

export const command = defineCommand({
  about: [
    "Judges a version tag by the rules of tags: its form; the release branch; the section in the changelog; no " +
      "version below the last; build numbers in line; no code change between `Releasing v1.2.3` and the first build; " +
      "a release only on a build with its certificate; no other commit than the deployed one; if the setting " +
      "allowedSigners names signers, a signature of one of them.",
    "The command tells the cause and what to do. Exit codes: 0 for a good tag, 1 for a refused one, 2 when it cannot " +
      "judge. What it could not look at, such as a state without credentials, is printed as `not seen`. It refuses " +
      "nothing.",
    "In a checkout of the node repository it judges that checkout, which may have a detached head and must not be " +
      "shallow. Elsewhere it clones the setting nodeRepository to a temporary folder.",
    "With `--hook` it is the pre-receive hook of a git server: it judges the version tags of a push. All other refs " +
      "are free. A hook asks neither state nor store, so it lets no version tag move to another commit or go.",
  ],
  arguments: { tag: optionalArgument("TAG", (tag) => tag, "Version tag, e.g. v1.2.3+1 or v1.2.3.") },
  flags: {
    branch: flag("NAME", as(branchName), "Release branch; the default branch of the remote unless given."),
    hook: toggle("Read `OLD NEW REF` lines of a push from standard input, in place of TAG."),
    json: toggle("Print every broken rule and what is not seen as JSON."),
  },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet tag check v1.2.3+1", "Judge a build tag."],
    ["smeshnet tag check v1.2.3 --json", "Judge a release tag in a script, with every rule that it breaks."],
    ["smeshnet tag check --hook", "Judge a push, in `hooks/pre-receive` of a git server."],
  ],
  async run({ tag }, { branch, hook, json }, run) {
    if ((tag === undefined) !== hook) {
      throw new UserError("UsageInvalid", "The command needs either a tag or `--hook`.", "Name one tag.", 2);
    }
    const all = tag === undefined ? await ofPush(run) : [await ofTag(tag, branch, run)];
    if (json) answer({ schema: 1, tags: all });
    const { refusal } = await import("../../infra/prepare/tags/judge.js");
    for (const judged of all) {
      if (!json && !hook) for (const unseen of judged.unseen) print(`not seen: ${unseen}`);
      const error = refusal(judged);
      if (error) throw error;
      if (!json && !hook) print(`${judged.tag} at ${judged.commit?.slice(0, 12)} keeps the rules`);
    }
  },
});

async function ofPush(run: Run): Promise<Judged[]> {
  const [{ judgedPush }, { signingOfProject }] = await Promise.all([
    import("../../infra/prepare/tags/pushed.js"),
    import("./signing.js"),
  ]);
  const { GIT_QUARANTINE_PATH, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES } = process.env;
  const quarantine = { GIT_QUARANTINE_PATH, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES };
  const variables = Object.fromEntries(
    Object.entries(quarantine).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
  );
  const repository = { folder: file(".", "folder"), variables };
  return judgedPush(
    repository,
    await boundedText(process.stdin, "Standard input", LIMITS.document),
    await signingOfProject(run),
  );
}

/** @throws {UserError} when there is no such tag, or the repository cannot be judged */
async function ofTag(tag: string, branch: string | undefined, run: Run): Promise<Judged> {
  const [{ judgedByForm }, { repositoryAt }] = await Promise.all([
    import("../../infra/prepare/tags/judge.js"),
    import("../../infra/prepare/tags/view.js"),
  ]);
  const byForm = judgedByForm(tag);
  if (byForm) return byForm;
  const here = await repositoryAt(file(".", "folder"));
  // The checkout of this project is no node repository.
  if (here !== undefined && here !== (await repositoryAt("."))) return ofTagIn(here, tag, branch, run);
  const [{ cloneForTags }, { settingsOfProject }] = await Promise.all([
    import("../../infra/prepare/tags/view.js"),
    import("../../infra/base/engine/project.js"),
  ]);
  const { nodeRepository } = await settingsOfProject(process.env);
  return withTemporaryFolder(async (folder) => {
    await cloneForTags(nodeRepository, folder);
    return ofTagIn(folder, tag, branch, run);
  });
}

async function ofTagIn(folder: string, tag: string, wanted: string | undefined, run: Run): Promise<Judged> {
  const [gathering, { judged }, { releaseBranch }, { recordsOf }, { signingOfProject }] = await Promise.all([
    import("../../infra/prepare/tags/gather.js"),
    import("../../infra/prepare/tags/judge.js"),
    import("../../infra/prepare/tags/view.js"),
    import("./records.js"),
    import("./signing.js"),
  ]);
  const { objectOf, requireWhole, targetOf, versionTags } = gathering;
  await requireWhole({ folder });
  const branch = await releaseBranch(folder, wanted);
  const tags = await versionTags({ folder });
  if (!tags.has(tag)) {
    throw new UserError(
      "TagMissing",
      `${folder} has no tag ${tag}.`,
      "Run `git fetch --tags` there, or check the name.",
      2,
    );
  }
  const object = await objectOf(folder, tag);
  const target = await targetOf({ folder }, object);
  const builds = [...tags.keys()].filter((one) => one.startsWith(`${tag}+`) && tags.get(one) === target.commit);
  const records = await recordsOf(tag, target.commit, builds, run);
  const signing = await signingOfProject(run);
  return judged({ folder }, { tag, isNew: false, target, branch, object, signing }, records);
}
