import { settingsOfProject } from "../../base/engine/project";
import { SCRATCH_PASSPHRASE, withScratchBackend } from "../../base/engine/scratch";
import { UserError } from "../../base/lib/errors";
import { parseBuildTag, releaseTag, stackName } from "../../base/model/build-tag";
import { NO_TOKEN } from "../../base/model/cloudflare-token";
import { NAMESPACE, variableOf } from "../../base/model/settings";
import type { StackPreview } from "./model";
import type { Findings, PreviewOptions } from "./options";
import type { Pool } from "./pool";
import type { Outcome } from "./stack";
import { type Target, targetsOf } from "./targets";

/** The network whose program is run when nobody can tell which networks there are. */
const SAMPLE = parseBuildTag("v0.0.0+1");

/** What only the environment of a deployment tells. No program depends on the values. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  zoneId: "0",
  accountId: "0",
  gcpProject: "sample",
  gcpLocation: "sample",
  gcpZone: "sample",
  kubeContext: "sample",
  archive: "file:///nonexistent/archive",
  CLOUDFLARE_API_TOKEN: NO_TOKEN,
};

/**
 * The report when the backend cannot be read, as in a pull request from a fork: nothing is known of any stack. The
 * programs of the edge and of a network still run, against a backend that is thrown away.
 * @param reason why the backend cannot be read
 */
export async function unseenReport(options: PreviewOptions, reason: string, pool: Pool): Promise<Findings> {
  const { builds, releases } = options;
  const targets = targetsOf([], await channelsOf(options), builds);
  const programs = await programsOf(options, pool);
  const stacks = targets.map((target): StackPreview => outcomeOf(target, programs, reason));
  const networkFails = programs.network !== undefined && builds.length === 0;
  const sample: StackPreview[] = networkFails
    ? [{ stack: stackName(SAMPLE), what: "a network", kind: "network", outcome: programs.network as Outcome }]
    : [];
  return {
    networks: [],
    channels: [],
    moves: [],
    stacks: [...stacks, ...sample],
    unseen: [
      `the stacks: ${reason}`,
      ...(builds.length === 0 ? ["which networks there are"] : []),
      ...releases.map((release) => `what ${releaseTag(release)} would move`),
    ],
  };
}

function outcomeOf({ stack, what, kind }: Target, programs: Programs, reason: string): StackPreview {
  const failure = kind === "channel" ? undefined : programs[kind];
  return { stack, what, kind, outcome: failure ?? { kind: "unseen", reason } };
}

/** How programs failed; nothing for those that ran to their end. */
interface Programs {
  readonly edge?: Outcome;
  readonly network?: Outcome;
}

/** The configured channels, which need no secrets; none when the settings are wrong, which the programs will say. */
async function channelsOf({ environment }: PreviewOptions): Promise<readonly string[]> {
  try {
    return (await settingsOfProject({ ...environment, ...placeholders(environment) })).channels;
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** Values for the variables that an environment without secrets lacks. */
const placeholders = (environment: PreviewOptions["environment"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(PLACEHOLDERS).flatMap(([key, value]) => {
      const name = /^[A-Z_]+$/.test(key) ? key : variableOf(key);
      return environment[name] ? [] : [[name, value]];
    }),
  );

async function programsOf({ environment }: PreviewOptions, pool: Pool): Promise<Programs> {
  const edge = { namespaceId: "0", url: "https://discover.example/" };
  const sample = stackName(SAMPLE);
  return withScratchBackend(NAMESPACE, [sample], [{ stack: "edge", outputs: edge }], async (backend) => {
    const variables = {
      ...placeholders(environment),
      PULUMI_BACKEND_URL: backend,
      PULUMI_CONFIG_PASSPHRASE: SCRATCH_PASSPHRASE,
    };
    const run = (stack: string) => pool.run({ stack, variables });
    const [ofEdge, ofNetwork] = await Promise.all([run("edge"), run(sample)]);
    return {
      ...(isProgramsFault(ofEdge) ? { edge: ofEdge } : {}),
      ...(isProgramsFault(ofNetwork) ? { network: ofNetwork } : {}),
    };
  });
}

/** A plugin that cannot be downloaded says nothing about the program. */
const isProgramsFault = (outcome: Outcome): boolean =>
  outcome.kind === "failed" && !/resource plugin/.test(outcome.reason);
