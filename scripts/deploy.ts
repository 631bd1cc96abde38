import { createWriteStream } from "node:fs";
import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";
import { type BuildTag, buildTag, parseBuildTag, stackName } from "../infra/build-tag";
import { answer, main, say } from "../infra/cli";
import type { Settings } from "../infra/config";
import { commitOf } from "../infra/git";
import { Progress } from "../infra/progress";
import { settingsOfProject } from "../infra/project-settings";
import { openStack, requireEdge } from "../infra/stacks";
import { UserError } from "../infra/user-error";

main({
  help: `
Usage: deploy TAG|edge [--json] [--events FILE]

Deploys the network of a build tag (v1.2.3+1, which must be in the node repository), or the edge that lists all networks.
The same as "pulumi up" on the stack, which it makes when there is none, with progress in words. Safe to run twice and
after an interruption: what is there and complete is kept.

  --json          prints the stack's public outputs on standard output
  --events FILE   writes the engine's events there, a line each: {"at": milliseconds since 1970, "event": ...}

Environment: as for pulumi (PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE), CLOUDFLARE_API_TOKEN, and the credentials that
gcloud and go-spacecraft take. Every setting of Pulumi.yaml is also a variable, e.g. SMESHNET_NODE_REPOSITORY.`,
  flags: { json: { type: "boolean" }, events: { type: "string" } },
  positionals: [1, 1],
  async run({ positionals: [what], flags, signal }) {
    const tag = what === "edge" ? undefined : parseBuildTag(what as string);
    const settings = await settingsOfProject();
    if (tag) await check(tag, settings, signal);
    const stack = await openStack(tag ? stackName(tag) : "edge");
    const progress = new Progress(say);
    const events = typeof flags.events === "string" ? createWriteStream(flags.events) : undefined;
    const started = Date.now();
    const engine = forEngine(signal);
    try {
      const onEvent = (event: EngineEvent) => {
        progress.take(event);
        events?.write(`${JSON.stringify({ at: Date.now(), event })}\n`);
      };
      const { outputs } = await stack.up({ onEvent, suppressOutputs: true, signal: engine });
      say(`${what} is up after ${Math.round((Date.now() - started) / 1000)} s`);
      const shown = Object.entries(outputs).filter(([, { secret }]) => !secret);
      if (flags.json) answer(Object.fromEntries(shown.map(([name, { value }]) => [name, value])));
    } catch (error) {
      throw explained(what as string, error);
    }
  },
});

/** What would make the deployment fail later is found before anything is touched. */
async function check(tag: BuildTag, settings: Settings, signal: AbortSignal): Promise<void> {
  const commit = await commitOf(settings.nodeRepository, buildTag(tag));
  say(`${buildTag(tag)} is commit ${commit} of ${settings.nodeRepository}`);
  await requireEdge(signal);
}

/**
 * What interrupts the engine, which then ends its steps and keeps its state. Ctrl+C reaches it without us, and a second
 * interrupt would make it drop everything; SIGTERM is sent to us alone.
 */
function forEngine(signal: AbortSignal): AbortSignal {
  const engine = new AbortController();
  const pass = () => signal.reason === "SIGTERM" && engine.abort();
  signal.addEventListener("abort", pass, { once: true });
  return engine.signal;
}

/** The engine has told the details as they came; its whole output again would bury the reason. */
function explained(what: string, error: unknown): unknown {
  if (error instanceof ConcurrentUpdateError) {
    return new UserError(`${what} is being updated by somebody else, or an update was killed: then run pulumi cancel`);
  }
  if (error instanceof CommandError)
    return new UserError(`${what} is not up: see the lines marked error above; run this again to go on`);
  return error;
}
