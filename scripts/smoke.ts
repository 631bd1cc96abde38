import { argumentAs, jsonVariable, requireSameTag } from "../infra/base/cli/inputs";
import { answer, main, say } from "../infra/base/cli/verb";
import { outputsOf } from "../infra/base/engine/state";
import { UserError } from "../infra/base/lib/errors";
import { parseBuildTag, stackName } from "../infra/base/model/build-tag";
import { whole } from "../infra/base/model/formats";
import { effectiveGenesis, type NetworkFacts, networkFactsSchema } from "../infra/base/model/network-facts";
import { poetPhasesSchema } from "../infra/base/model/network-spec";
import { type Versions, versionsSchema } from "../infra/base/model/versions";
import { renderReport, shortcomings } from "../infra/deploy/smoke/report";
import { runSmoke } from "../infra/deploy/smoke/run";

const LAYERS = whole(1, 100_000).describe("a whole number of layers from 1");

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
  NETWORK_FACTS   the network as JSON (infra/base/model/network-facts.ts)
  MANIFEST        the versions as JSON (infra/base/model/versions.ts)
  POET_PHASES     what the poets should tell, {"phaseShift": s, "cycleGap": s}; without it any phases will do`,
  flags: { json: { type: "boolean" }, "limit-layers": { type: "string", default: "30" } },
  positionals: [1, 1],
  async run({ positionals: [tag], flags, signal }) {
    const stack = stackName(parseBuildTag(tag as string));
    const limitLayers = argumentAs("--limit-layers", String(flags["limit-layers"]), LAYERS);
    const poetPhases = process.env.POET_PHASES ? jsonVariable("POET_PHASES", poetPhasesSchema) : undefined;
    const { facts, manifest } = process.env.NETWORK_FACTS ? given(tag as string) : await ofStack(stack, signal);
    const expected = {
      tag: facts.tag,
      nodeVersion: manifest.node.version,
      effectiveGenesis: effectiveGenesis(facts),
      poetPhases,
    };
    const report = await runSmoke({ facts, expected, limitLayers, signal, say });
    if (flags.json) answer(report);
    else process.stdout.write(`${renderReport(report)}\n`);
    if (!report.passed) throw new UserError(`the smoke test of ${tag} did not pass: ${shortcomings(report)}`);
  },
});

interface Subject {
  readonly facts: NetworkFacts;
  readonly manifest: Versions;
}

function given(tag: string): Subject {
  const facts = jsonVariable("NETWORK_FACTS", networkFactsSchema);
  requireSameTag("NETWORK_FACTS", facts.tag, tag);
  return { facts, manifest: jsonVariable("MANIFEST", versionsSchema) };
}

/** @throws {UserError} when there is no such stack, or its network is not up. */
async function ofStack(stack: string, signal: AbortSignal): Promise<Subject> {
  const { facts, manifest } = (await outputsOf(stack, signal)) as Partial<Subject>;
  if (facts && manifest) return { facts, manifest };
  throw new UserError(`stack ${stack} has no network yet: deploy it, or run this again when it is up`);
}
