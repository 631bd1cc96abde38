import { parseBuildTag, stackName } from "../infra/build-tag";
import { answer, main, say, variable } from "../infra/cli";
import type { Manifest } from "../infra/manifest";
import { effectiveGenesis, type NetworkFacts } from "../infra/network-facts";
import { renderReport, shortcomings } from "../infra/smoke/report";
import { runSmoke } from "../infra/smoke/run";
import { outputsOf } from "../infra/stack-outputs";
import { UserError } from "../infra/user-error";

main({
  help: `
Usage: smoke TAG [--json] [--limit-layers N]

Runs the smoke suite on a network: all nodes answer, with one genesis id and the manifest's version, have peers, are
synced, their layers rise, their verified layer rises past the effective genesis, their state roots are equal, and the
poets answer as configured. A check that cannot be made is a failure of its own kind.

  --json             prints the report as one JSON document instead of words
  --limit-layers N   how many layers after the later of now and the effective genesis it may take (default 30)

Exit code: 0 passed, 1 a check failed or could not be made, 2 bad input.

Environment, as the stack's program gives it; without it the outputs of the tag's stack are read:
  NETWORK_FACTS   the network as JSON (infra/network-facts.ts)
  MANIFEST        the versions as JSON (infra/manifest.ts)
  POET_PHASES     what the poets should tell, {"phaseShift": s, "cycleGap": s}; without it any phases will do`,
  flags: { json: { type: "boolean" }, "limit-layers": { type: "string", default: "30" } },
  positionals: [1, 1],
  async run({ positionals: [tag], flags, signal }) {
    const stack = stackName(parseBuildTag(tag as string));
    const limitLayers = Number(flags["limit-layers"]);
    if (!Number.isInteger(limitLayers) || limitLayers < 1) {
      throw new UserError(`--limit-layers is ${flags["limit-layers"]}: write a whole number from 1`, 2);
    }
    const { facts, manifest }: { facts?: NetworkFacts; manifest: Manifest } = process.env.NETWORK_FACTS
      ? { facts: JSON.parse(process.env.NETWORK_FACTS), manifest: JSON.parse(variable("MANIFEST")) }
      : ((await outputsOf(stack, signal)) as { manifest: Manifest });
    if (!facts || facts.tag !== tag)
      throw new UserError(`the facts are of ${facts?.tag ?? "no network"}, not of ${tag}`, 2);
    const expected = {
      tag: facts.tag,
      nodeVersion: manifest.node.version,
      effectiveGenesis: effectiveGenesis(facts),
      poetPhases: process.env.POET_PHASES ? JSON.parse(process.env.POET_PHASES) : undefined,
    };
    const report = await runSmoke({ facts, expected, limitLayers, signal, say });
    if (flags.json) answer(report);
    else process.stdout.write(`${renderReport(report)}\n`);
    if (!report.passed) throw new UserError(`the smoke test of ${tag} did not pass: ${shortcomings(report)}`);
  },
});
