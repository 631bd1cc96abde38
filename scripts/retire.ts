import { z } from "zod";
import { as, defineCommand, flag, type Reader, toggle } from "../infra/base/cli/command";
import { RETIRING } from "../infra/base/cli/environment";
import { eventsFlag, optionalBuildTag } from "../infra/base/cli/flags";
import { argumentAs } from "../infra/base/cli/inputs";
import { UserError } from "../infra/base/lib/errors";
import { VERDICTS } from "../infra/base/model/verdict";
import { retirementReason } from "../infra/retire/reason";

/** The verdicts an operator may give; "not judged" is the default. */
const JUDGED = VERDICTS.filter((verdict) => verdict !== "not judged");
const verdict = z.enum(JUDGED).describe(`one of ${JUDGED.join(", ")}`);

const reason: Reader<string> = (text, name) => argumentAs(name, text, retirementReason);

export const command = defineCommand({
  about: [
    "Archives the logs of a network and reads them back. Then it removes the network from the network list and DNS, shuts " +
      "every node down, and proves that nothing is left. The command is `pulumi destroy` on the stack, with progress in " +
      "words.",
    "It refuses before anything changes while a channel points to the network, or if the archive could not be kept. It " +
      "waits until the DNS records that led a channel to the network have expired. It is safe to run again.",
  ],
  arguments: { tag: optionalBuildTag },
  flags: {
    due: toggle(
      "Retire the networks that a promotion replaced, once the hours of the setting retireAfter have passed; for a daily job.",
    ),
    why: flag("TEXT", reason, "Reason, shown permanently in the public history."),
    verdict: flag("VERDICT", as(verdict), `Health of the network when it was retired: ${JUDGED.join(", ")}.`, {
      completes: JUDGED,
    }),
    gap: flag(
      "REASON",
      (text) => text,
      "Allow an archive without the logs that the cluster does not give. All others are kept. The archive records the reason.",
    ),
    events: eventsFlag,
  },
  environment: RETIRING,
  examples: [
    ['smeshnet retire v1.2.3+1 --why "v1.2.3+2 replaces it" --verdict healthy', "Retire a network for a reason."],
    ["smeshnet retire --due", "Retire what promotions replaced, from a daily job."],
    ['smeshnet retire v1.2.3+1 --gap "somebody deleted it by hand"', "Retire a network that is gone."],
  ],
  async run({ tag }, { due, ...told }, run) {
    if (due === (tag !== undefined))
      throw new UserError(
        "UsageInvalid",
        due ? "A tag and --due exclude each other." : "Neither a tag nor --due is given.",
        "Run `smeshnet retire TAG` or `smeshnet retire --due`.",
        2,
      );
    const [more] = Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (due && more !== undefined)
      throw new UserError(
        "UsageInvalid",
        `--${more} is for one network, and --due retires several.`,
        `Run \`smeshnet retire TAG --${more} ...\`.`,
        2,
      );
    const [
      { retireNetwork },
      { retireDue },
      { openProject, repair },
      { storeOf },
      { tryDraft },
      { draftIfFailed },
      { openWorld },
    ] = await Promise.all([
      import("../infra/retire/run.js"),
      import("../infra/retire/due.js"),
      import("./project.js"),
      import("./store.js"),
      import("../infra/recap/draft.js"),
      import("../infra/recap/duty.js"),
      import("./simmer/world.js"),
    ]);
    const { settings, cloudflare } = await openProject(run);
    const project = { settings, cloudflare, store: storeOf(settings) };
    await repair(run);
    if (tag) {
      await retireNetwork({ tag, ...project, ...told }, run);
      const draft = async () => draftIfFailed(tag, await openWorld(settings, project.store, run), run);
      await tryDraft(tag, draft, run);
    } else for (const channel of settings.channels) await retireDue(channel, project, run);
  },
});
