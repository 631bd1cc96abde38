import { defineCommand, flag, toggle } from "../infra/base/cli/command";
import { credentials } from "../infra/base/cli/credentials";
import { EDGE_KEYS, READING, STORE_TO_READ } from "../infra/base/cli/environment";
import { buildTagArgument, file } from "../infra/base/cli/flags";
import { answer, printText } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import type { Run } from "../infra/base/lib/run";
import { buildTag } from "../infra/base/model/build-tag";
import { tokenFor } from "../infra/base/model/cloudflare-token";
import type { RecapWorld } from "../infra/recap/draft";

export const command = defineCommand({
  about: [
    "Writes the postmortem of a network that failed, or the recap of one that died a natural death, as Markdown with front " +
      "matter. It tells what the records tell: timeline, first layer that failed, log lines, commits since the last " +
      "healthy build, plot and links. Cause, response and plan are for a person to write.",
    "A rerun with --output renews the parts that nobody edited. It never touches what a person wrote. Secrets and " +
      "addresses in log lines are masked.",
    "With --publish it goes to the blog (settings blogRepository, blogFolder and blogFormat) as a commit on a branch of " +
      "its own. git uses its own credentials there, and never asks. A commit is made only when something changed.",
  ],
  arguments: { tag: buildTagArgument },
  flags: {
    output: flag("FOLDER", file, "Folder that gets the document and its plot. Without it the document is printed."),
    json: toggle("Print the facts as JSON."),
    publish: toggle("Push the document and its plot to a branch of the blog's repository."),
    dryRun: toggle("With --publish: print what would be pushed, and push nothing."),
  },
  environment: [...EDGE_KEYS, ...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet recap v1.2.3+1", "Print the document."],
    ["smeshnet recap v1.2.3+1 --output blog", "Write it with its plot, or renew what nobody edited."],
    ["smeshnet recap v1.2.3+1 --publish --dry-run", "Show what would be pushed to the blog."],
    ["smeshnet recap v1.2.3+1 --json", "Print all facts for a program."],
  ],
  async run({ tag }, { output, json, publish, dryRun }, run) {
    if (dryRun && !publish)
      throw new UserError(
        "UsageInvalid",
        "--dry-run is for --publish.",
        `Run \`smeshnet recap ${buildTag(tag)} --publish --dry-run\`.`,
        2,
      );
    const [
      { openProjectToRead },
      { edgeRecords },
      { gatherFacts },
      { recapDocument, writeRecap },
      { linkPublished, publishedInWords, publishRecap, requireBlog },
    ] = await Promise.all([
      import("./store.js"),
      import("../infra/recap/edge-records.js"),
      import("../infra/recap/gather.js"),
      import("../infra/recap/write.js"),
      import("../infra/recap/draft.js"),
    ]);
    const { settings, store } = await openProjectToRead();
    if (publish) requireBlog(settings);
    const edge = await edgeOf(run);
    const { accountId } = settings;
    const records =
      edge && (await edgeRecords(tag, edge.cloudflare, { accountId, namespaceId: edge.namespaceId }, store));
    const facts = await gatherFacts(tag, { settings, store, ...records }, run);
    if (output !== undefined) {
      const { files, kept } = await writeRecap(output, facts);
      for (const one of files) run.say(`wrote ${one}`);
      if (kept.length > 0) run.say(`kept what a person edited: ${kept.join(", ")}`);
    }
    if (publish) {
      const published = await publishRecap(facts, settings, dryRun);
      const { patch, kept } = published;
      if (dryRun && patch !== "" && !json) printText(patch);
      if (!dryRun || patch === "") run.say(`${facts.tag}: ${publishedInWords(published)}`);
      if (kept.length > 0) run.say(`kept what a person edited: ${kept.join(", ")}`);
      if (!dryRun && edge) await linkPublished(facts, published, { settings, ...edge });
    }
    if (json) answer(facts);
    else if (output === undefined && !publish) printText(recapDocument(facts).text);
  },
});

/** The edge. Without a token or an edge the document tells less, and the run says so. */
async function edgeOf(run: Run): Promise<Pick<RecapWorld, "cloudflare" | "namespaceId"> | undefined> {
  const known = credentials();
  if (tokenFor("kv", known).token === undefined) {
    run.say("without the history and failed deployments: neither CLOUDFLARE_KV_TOKEN nor CLOUDFLARE_API_TOKEN is set");
    return undefined;
  }
  const [{ exportedStack, rootOutputs }, { EdgeOutputs, readOutputs }, { cloudflareApi }] = await Promise.all([
    import("../infra/base/engine/state.js"),
    import("../infra/base/model/outputs.js"),
    import("../infra/base/clients/cloudflare.js"),
  ]);
  const edge = await exportedStack("edge", run);
  if (!edge) {
    run.say("without the history and failed deployments: the edge is not deployed");
    return undefined;
  }
  const { namespaceId } = readOutputs(EdgeOutputs, "edge", rootOutputs(edge));
  return { cloudflare: cloudflareApi(known, run), namespaceId };
}
