import { availableParallelism } from "node:os";
import { join } from "node:path";
import { as, defineCommand, flag, restArgument, toggle } from "../infra/base/cli/command";
import { GITHUB, LOOKING } from "../infra/base/cli/environment";
import { answer, print, printText } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import {
  type BuildTag,
  isReleaseTag,
  parseBuildTag,
  parseReleaseTag,
  type Release,
} from "../infra/base/model/build-tag";
import { whole } from "../infra/base/model/formats";

/** What a tag on the command line stands for. */
type Named = { readonly build: BuildTag } | { readonly release: Release };

const named = (text: string): Named =>
  isReleaseTag(text) ? { release: parseReleaseTag(text) } : { build: parseBuildTag(text) };

/** One a core: each further one loads all programs again, which takes longer than a preview waits. */
const PROCESSES = availableParallelism();

export const command = defineCommand({
  about: [
    "Previews every stack that a change of this checkout can touch: the edge, each channel and each live network. It " +
      "says what the change does to the release cycle and to each stack, and changes nothing.",
    "A build tag without a stack is previewed as its deployment would be, a release tag as its promotion would be.",
    "The command fails when a stack cannot be previewed, or when something dangerous would happen that nobody agreed " +
      "to. A stack that nobody may see, as in a pull request from a fork, counts as dangerous.",
    "In a workflow of GitHub Actions, `--post` keeps one comment of the pull request up to date and gives its commit a " +
      "verdict. The label `dangers-agreed` on the pull request agrees as `--agreed` does.",
  ],
  arguments: {
    tags: restArgument("TAG", named, "Build tag, e.g. v1.2.4+1, or release tag, e.g. v1.2.4.", {
      completes: "networks",
    }),
  },
  flags: {
    json: toggle("Print the whole report as JSON."),
    markdown: toggle("Print the comment in Markdown, for any forge."),
    post: toggle("Post the comment to the pull request that the workflow runs for."),
    name: flag(
      "NAME",
      (text) => text,
      "Name of what is previewed. Each name has its own comment in a pull request. By default it comes from the backend.",
    ),
    agreed: toggle("Succeed although something is dangerous or unseen, because a person agreed to it."),
    channel: flag("NAME", (text) => text, "Channel that a release moves. Required when there are several.", {
      completes: "channels",
    }),
    processes: flag(
      "N",
      as(whole(1, 64).describe("a number of processes, 1 to 64")),
      "How many stacks are previewed at the same time; by default as many as the machine has cores.",
    ),
  },
  environment: [...LOOKING, ...GITHUB],
  examples: [
    ["smeshnet preview", "Show what the change in this checkout does."],
    ["smeshnet preview v1.2.4 --json", "Show it with the promotion of v1.2.4, for a script."],
    ["smeshnet preview --post", "Post it to the pull request, in a workflow."],
    ["smeshnet preview --agreed", "Show it and succeed, as with the label on the pull request."],
  ],
  async run({ tags }, { json, markdown, post, name, agreed, channel, processes = PROCESSES }, run) {
    const [{ preview }, { requireHarmless }, { plainPreview }, { markdownComment, previewName, publish }] =
      await Promise.all([
        import("../infra/review/preview/run.js"),
        import("../infra/review/preview/verdict.js"),
        import("../infra/review/preview/plain.js"),
        import("../infra/review/post/publish.js"),
      ]);
    const named = previewName(name, process.env);
    const place = post ? (await import("../infra/review/post/pull-request.js")).pullRequestOf(process.env) : undefined;
    const report = await preview(
      {
        builds: tags.flatMap((one) => ("build" in one ? [one.build] : [])),
        releases: tags.flatMap((one) => ("release" in one ? [one.release] : [])),
        channel,
        processes,
        worker: join(__dirname, "preview-worker.ts"),
        project: await project(),
        environment: process.env,
      },
      run,
    );
    const isAgreed = place ? await publish(report, { name: named, agreed, place }, run) : agreed;
    if (json) answer(report);
    else if (markdown) printText(markdownComment(report, named, isAgreed));
    else print(...plainPreview(report, isAgreed));
    requireHarmless(report, isAgreed);
  },
});

/** The settings and the store, or what is wrong with them, which the report tells. */
async function project() {
  const { openProjectForPreview } = await import("./store.js");
  return openProjectForPreview().catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
}
