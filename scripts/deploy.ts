import { answer, main, say } from "../infra/base/cli/verb";
import { openStack, repairBackend } from "../infra/base/engine/open";
import { settingsOfProject } from "../infra/base/engine/project";
import { engineUp } from "../infra/base/engine/run";
import { parseBuildTag, stackName } from "../infra/base/model/build-tag";
import { check } from "../infra/deploy/preflight";

main({
  help: `
Usage: deploy TAG|edge [--json] [--events FILE]

Deploys the network of a build tag (v1.2.3+1, which must be in the node repository), or the edge that lists all networks.
The same as "pulumi up" on the stack, which it makes when there is none, with progress in words. Safe to run twice and
after an interruption: what is there and complete is kept, and what a killed run has left is put in order first (see
recover --help).

  --json          prints the stack's public outputs on standard output
  --events FILE   writes the engine's events there, a line each: {"at": milliseconds since 1970, "event": ...}

Environment: as for pulumi (PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE), CLOUDFLARE_API_TOKEN, and the credentials that
gcloud and go-spacecraft take. Every setting of Pulumi.yaml is also a variable, e.g. SMESHNET_NODE_REPOSITORY.`,
  flags: { json: { type: "boolean" }, events: { type: "string" } },
  positionals: [1, 1],
  async run({ positionals: [what], flags, signal }) {
    const tag = what === "edge" ? undefined : parseBuildTag(what as string);
    const settings = await settingsOfProject();
    await repairBackend(say);
    if (tag) await check(tag, settings, signal);
    const stack = await openStack(tag ? stackName(tag) : "edge");
    const events = flags.events as string | undefined;
    const started = Date.now();
    const outputs = await engineUp({ stack, what: what as string, zoneId: settings.zoneId, signal, say, events });
    say(`${what} is up after ${Math.round((Date.now() - started) / 1000)} s`);
    if (flags.json) answer(outputs);
  },
});
