import { parseBuildTag, stackName } from "../infra/build-tag";
import { main, say } from "../infra/cli";
import { engineDestroy } from "../infra/engine";
import { settingsOfProject } from "../infra/project-settings";
import { requireRetirable } from "../infra/retirement";
import { openExistingStack, repairBackend } from "../infra/stacks";
import { openStore } from "../infra/store";

main({
  help: `
Usage: retire TAG [--gap REASON] [--events FILE]

Retires the network of a build tag: archives its logs and reads them back, then removes it from the public list and DNS,
and shuts every node down. The same as "pulumi destroy" on its stack, with progress in words. Refuses, before anything
has changed, while a channel points to the network or when its archive could not be kept. Safe to run twice and after
an interruption.

  --gap REASON    the logs may be missing, since the cluster is gone; the archive's manifest names the reason
  --events FILE   writes the engine's events there, a line each: {"at": milliseconds since 1970, "event": ...}

Environment: as for deploy.`,
  flags: { gap: { type: "string" }, events: { type: "string" } },
  positionals: [1, 1],
  async run({ positionals: [what], flags, signal }) {
    const tag = parseBuildTag(what as string);
    const { zoneId, channels, archive } = await settingsOfProject();
    await repairBackend(say);
    const stack = await openExistingStack(stackName(tag), `there is no network ${what}`);
    // The stack's own guard asks the same; after a retirement that has stopped it is no longer in the state.
    await requireRetirable(tag, channels, openStore(archive), signal);
    if (flags.gap) stack.workspace.envVars = { ...stack.workspace.envVars, ARCHIVE_GAP: flags.gap as string };
    const started = Date.now();
    const events = flags.events as string | undefined;
    await engineDestroy({ stack, what: what as string, zoneId, signal, say, events });
    say(`${what} is retired after ${Math.round((Date.now() - started) / 1000)} s`);
  },
});
