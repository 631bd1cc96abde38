import { defineCommand, flag, toggle } from "../infra/base/cli/command";
import { credentials } from "../infra/base/cli/credentials";
import { CLOUDFLARE, READING, STORE } from "../infra/base/cli/environment";
import { buildTagArgument, file } from "../infra/base/cli/flags";
import { answer, print } from "../infra/base/cli/process";
import type { Run } from "../infra/base/lib/run";
import type { BuildTag } from "../infra/base/model/build-tag";
import type { Settings } from "../infra/base/model/settings";
import type { RecapSources } from "../infra/recap/gather";

export const command = defineCommand({
  about: [
    "Writes the postmortem of a network that failed, or the recap of one that died a natural death, as Markdown with front " +
      "matter. It tells what the records tell: timeline, first layer that failed, log lines, commits since the last " +
      "healthy build, plot and links. Cause, response and plan are for a person to write.",
    "A rerun with --output renews the parts that nobody edited. It never touches what a person wrote. Secrets and " +
      "addresses in log lines are masked.",
  ],
  arguments: { tag: buildTagArgument },
  flags: {
    output: flag("FOLDER", file, "Folder that gets the document and its plot. Without it the document is printed."),
    json: toggle("Print the facts as JSON."),
  },
  environment: [...CLOUDFLARE, ...STORE, ...READING],
  examples: [
    ["smeshnet recap v1.2.3+1", "Print the document."],
    ["smeshnet recap v1.2.3+1 --output blog", "Write it with its plot, or renew what nobody edited."],
    ["smeshnet recap v1.2.3+1 --json", "Print all facts for a program."],
  ],
  async run({ tag }, { output, json }, run) {
    const [{ openStoreOfProject }, { gatherFacts }, { recapDocument, writeRecap }] = await Promise.all([
      import("./store.js"),
      import("../infra/recap/gather.js"),
      import("../infra/recap/write.js"),
    ]);
    const { settings, store } = await openStoreOfProject();
    const facts = await gatherFacts(tag, { settings, store, ...(await recordsOfEdge(tag, settings, run)) }, run);
    if (output !== undefined) {
      const { files, kept } = await writeRecap(output, facts);
      for (const one of files) run.say(`wrote ${one}`);
      if (kept.length > 0) run.say(`kept what a person edited: ${kept.join(", ")}`);
    }
    if (json) answer(facts);
    else if (output === undefined) print(recapDocument(facts).text.trimEnd());
  },
});

/** The records of the edge. Without a token or an edge the document tells less, and the run says so. */
async function recordsOfEdge(
  tag: BuildTag,
  { accountId }: Settings,
  run: Run,
): Promise<Pick<RecapSources, "history" | "failure">> {
  const known = credentials();
  if (known.cloudflareToken === undefined) {
    run.say("without the history and failed deployments: CLOUDFLARE_API_TOKEN is not set");
    return {};
  }
  const [{ exportedStack, rootOutputs }, { EdgeOutputs, readOutputs }, { cloudflareApi }, { edgeRecords }] =
    await Promise.all([
      import("../infra/base/engine/state.js"),
      import("../infra/base/model/outputs.js"),
      import("../infra/base/clients/cloudflare.js"),
      import("../infra/recap/edge-records.js"),
    ]);
  const edge = await exportedStack("edge", run);
  if (!edge) {
    run.say("without the history and failed deployments: the edge is not deployed");
    return {};
  }
  const { namespaceId } = readOutputs(EdgeOutputs, "edge", rootOutputs(edge));
  return edgeRecords(tag, cloudflareApi(known), { accountId, namespaceId });
}
