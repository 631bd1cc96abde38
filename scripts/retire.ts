import { argumentAs } from "../infra/base/cli/inputs";
import { main, say } from "../infra/base/cli/verb";
import { repairBackend } from "../infra/base/engine/open";
import { settingsOfProject } from "../infra/base/engine/project";
import { UserError } from "../infra/base/lib/errors";
import { buildTag, parseBuildTag } from "../infra/base/model/build-tag";
import type { Settings } from "../infra/base/model/settings";
import { VERDICTS } from "../infra/base/model/verdict";
import { replacedNetworks } from "../infra/retire/due";
import { retirementReason } from "../infra/retire/reason";
import { retireNetwork } from "../infra/retire/run";

/** Without the one for nobody's. */
const JUDGED: readonly string[] = VERDICTS.filter((verdict) => verdict !== "not judged");

main({
  help: `
Usage: retire TAG [--why TEXT] [--verdict VERDICT] [--gap REASON] [--events FILE]
       retire --due

Retires the network of a build tag: archives its logs and reads them back, then removes it from the public list and DNS,
shuts every node down, and proves that nothing is left. The same as "pulumi destroy" on its stack, with progress in words.
Refuses, before anything has changed, while a channel points to the network or when its archive could not be kept, and
waits until the DNS records that led a channel to it have expired. Safe to run twice and after an interruption.

  --due              retires the networks that a promotion has replaced, as soon as the setting retireAfter (hours) allows
                     it; for a daily job
  --why TEXT         why it is retired; the history at the edge tells it to everybody for ever
  --verdict VERDICT  how it was doing: ${JUDGED.join(", ")}
  --gap REASON       the logs may be missing, since the cluster is gone; the archive's manifest names the reason
  --events FILE      writes the engine's events there, a line each: {"at": milliseconds since 1970, "event": ...}

Environment: as for deploy.`,
  flags: {
    due: { type: "boolean" },
    why: { type: "string" },
    verdict: { type: "string" },
    gap: { type: "string" },
    events: { type: "string" },
  },
  positionals: [0, 1],
  async run({ positionals: [what], flags, signal }) {
    const { why, verdict, gap, events } = flags as Record<string, string | undefined>;
    if (Boolean(flags.due) === (what !== undefined)) throw new UserError("write retire TAG or retire --due", 2);
    const [more] = ["why", "verdict", "gap", "events"].filter((name) => flags[name] !== undefined);
    if (flags.due && more) throw new UserError(`--${more} is of one network: write retire TAG --${more} ...`, 2);
    if (verdict !== undefined && !JUDGED.includes(verdict)) {
      throw new UserError(`"${verdict}" is not a verdict: write ${JUDGED.join(", ")}`, 2);
    }
    if (why !== undefined) argumentAs("--why", why, retirementReason);
    const tag = what === undefined ? undefined : parseBuildTag(what);
    const settings = await settingsOfProject();
    await repairBackend(say);
    if (tag) await retireNetwork({ tag, settings, why, verdict, gap, events, signal, say });
    else await retireDue(settings, signal);
  },
});

async function retireDue(settings: Settings, signal: AbortSignal): Promise<void> {
  for (const channel of settings.channels) {
    const all = await replacedNetworks(channel, settings, signal);
    if (all.length === 0) say(`${channel}: there is nothing to retire`);
    for (const replaced of all) {
      if (replaced.due <= Date.now()) await retireNetwork({ ...replaced, settings, signal, say });
      else say(`${channel}: ${buildTag(replaced.tag)} is due at ${new Date(replaced.due).toISOString()}`);
    }
  }
}
