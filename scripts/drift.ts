import { defineCommand, toggle } from "../infra/base/cli/command";
import { LOOKING } from "../infra/base/cli/environment";
import { answer, print } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";

export const command = defineCommand({
  about: [
    "Compares every stack with the world, and looks for clusters, namespaces, disks, addresses, DNS records, keys and Workers of ours " +
      "that no stack owns, for stacks without a reason to live, and for what killed runs left. The first line is the " +
      "day's summary. Each finding below it names the command that mends it.",
    "The command changes nothing and takes no lock, so it is safe beside running deployments. A stack that an engine is " +
      "updating is not judged. Whatever is found is looked at twice. What belongs to others is told apart.",
    "It fails when it found something, and when it could not look at something.",
  ],
  arguments: {},
  flags: { json: toggle("Print all findings as JSON.") },
  environment: LOOKING,
  examples: [
    ["smeshnet drift", "Look once, from a daily job."],
    ["smeshnet drift --json", "Print the findings for a script."],
  ],
  async run(_, { json }, run) {
    const [{ openProject }, { storeToRead }, { credentials }, { driverOf }, { drift }, { countsOf, renderDrift }] =
      await Promise.all([
        import("./project.js"),
        import("./store.js"),
        import("../infra/base/cli/credentials.js"),
        import("../infra/deploy/network/drivers.js"),
        import("../infra/review/drift/drift.js"),
        import("../infra/review/drift/text.js"),
      ]);
    const { settings, cloudflare } = await openProject(run);
    cloudflare.requireToken("dns", "kv", "workers");
    const store = storeToRead(settings);
    const access = credentials();
    const kindOf = (kind: typeof settings.driver) => driverOf(kind, { store, credentials: access });
    const backendUrl = process.env.PULUMI_BACKEND_URL || undefined;
    const found = await drift({ settings, store, cloudflare, driverOf: kindOf, credentials: access, backendUrl }, run);
    if (json) answer(found);
    else print(...renderDrift(found));
    if (found.findings.length > 0)
      throw new UserError("DriftFound", `Found: ${countsOf(found)}.`, "Run the command that each finding names.");
    if (found.unseen.length > 0)
      throw new UserError(
        "DriftUnseen",
        `Not everything could be looked at: ${found.unseen.map(({ what }) => what).join(", ")}.`,
        "Do what the lines above say, then run the command again.",
      );
  },
});
