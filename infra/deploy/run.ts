import type { Stack } from "@pulumi/pulumi/automation";
import type { Cloudflare } from "../base/clients/cloudflare";
import { Failures } from "../base/engine/failures";
import { openStack, pulumiCli } from "../base/engine/open";
import { requirePassphrase } from "../base/engine/passphrase";
import { engineUp } from "../base/engine/run";
import { type Exported, exportedStack, holdsNetwork } from "../base/engine/state";
import { namesOfNetwork, requireNamesFree } from "../base/engine/taken-names";
import { masked } from "../base/lib/masked";
import { type Run, timed } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, stackName } from "../base/model/build-tag";
import { gatewayHosts } from "../base/model/endpoints";
import { networkSpec } from "../base/model/network-spec";
import type { Settings } from "../base/model/settings";
import { DECIDED_COMMIT } from "../base/model/source";
import { versionsUnder } from "../base/model/versions";
import type { Store } from "../base/store/contract";
import type { SecretTexts } from "../base/store/secret-text";
import { requiredCertificate } from "../tls/required";
import { whenAdmitted } from "./admission";
import { DeploymentFailed, deploymentFailure, endedDeployment } from "./failure";
import { FailureAtEdge } from "./failure-at-edge";
import type { NetworkDriver } from "./network/driver";
import { type Checked, preflight } from "./preflight";

export interface DeployOptions {
  readonly settings: Settings;
  readonly cloudflare: Cloudflare;
  /** The store of archives and other records, and the way to private keys in them. */
  readonly store: Store;
  readonly secretTexts: SecretTexts;
  /** The driver that makes the network. */
  readonly driver: Pick<NetworkDriver, "preflight">;
  /** Whether a build that was retired may be deployed again. */
  readonly again?: boolean;
  /** File that gets the engine's events. */
  readonly events?: string;
  /** URL of the CI's run that shows the log of this deployment. */
  readonly log?: string;
  /** SecretTexts of this run, which no failure may repeat. */
  readonly secrets: readonly string[];
}

/**
 * Deploys the network of a build tag, or the edge. When the network's deployment fails, the edge shows where and why.
 * @returns its stack
 * @throws {DeploymentFailed} with the step that failed, what it saw and what comes next
 * @throws {UserError} with the reason, or with a pointer to the progress that shows it
 */
export async function deployStack(target: BuildTag | "edge", options: DeployOptions, run: Run): Promise<Stack> {
  const { settings } = options;
  const [what, name] = target === "edge" ? [target, target] : [buildTag(target), stackName(target)];
  const reading = exportedStack(name, run);
  const checked = target === "edge" ? undefined : preflight(target, reading, settings, run);
  const free = target === "edge" ? undefined : reading.then((known) => namesFree(target, options, known));
  const open = reading.then((state) => requirePassphrase(name, state));
  const makeable =
    target === "edge" ? undefined : reading.then((known) => requireMakeable(target, options, known, run));
  const covered = target === "edge" ? undefined : requireCovered(target, options, run);
  const [found, state] = await together(checked, reading, pulumiCli(), free, open, makeable, covered);
  const deploy = () => update({ target, what, name, found, state }, options, run);
  return target === "edge" || !found ? deploy() : whenAdmitted(target, found, state, options, run, deploy);
}

interface Update {
  readonly target: BuildTag | "edge";
  readonly what: string;
  /** Name of the stack. */
  readonly name: string;
  readonly found: Checked | undefined;
  readonly state: Exported | undefined;
}

async function update({ target, what, name, found, state }: Update, options: DeployOptions, run: Run): Promise<Stack> {
  const { settings, cloudflare, events, log, secrets } = options;
  const stack = await openStack(name, state !== undefined);
  const { zoneId, accountId } = settings;
  const failures = new Failures((text) => masked(text, secrets));
  const atEdge =
    target === "edge" || !found
      ? undefined
      : new FailureAtEdge(target, { cloudflare, accountId, edge: found.edge }, run);
  try {
    const [, seconds] = await timed(run, () =>
      engineUp({ stack, state, what, zoneId, cloudflare, events, failures, variables: decidedIn(found) }, run),
    );
    await atEdge?.clear();
    run.say(`${what}: deployed, ${seconds} s`);
  } catch (error) {
    if (target === "edge" || run.signal.aborted || !endedDeployment(error)) throw error;
    const places = { ...(log !== undefined && { run: log }), ...(events !== undefined && { events }) };
    const now = run.clock.now();
    const failure = deploymentFailure({ tag: target, commit: found?.commit, failures, error, log: places, now });
    await atEdge?.show(failure);
    throw new DeploymentFailed(error, failure);
  }
  return stack;
}

/** Refuses names that are somebody's before anything is paid for. @param known the state of the build's stack */
const namesFree = (tag: BuildTag, { settings, cloudflare }: DeployOptions, known: Exported | undefined) =>
  requireNamesFree(namesOfNetwork(tag, settings.poets, settings), { zoneId: settings.zoneId, cloudflare }, known);

/** Refuses a network whose gateway would have no certificate, now or as that of a channel. */
const requireCovered = async (tag: BuildTag, { settings, ...kept }: DeployOptions, run: Run) =>
  settings.tls ? requiredCertificate(kept, gatewayHosts(tag, settings), run) : undefined;

/** Refuses what the driver could not make. A network that is there keeps what it has. */
async function requireMakeable(
  tag: BuildTag,
  { settings, driver }: DeployOptions,
  known: Exported | undefined,
  run: Run,
) {
  if (known !== undefined && holdsNetwork(known)) return;
  await driver.preflight(networkSpec(tag, settings, versionsUnder(tag, settings)), run);
}

/** The first step takes this commit, and refuses a tag that has moved since it was checked. */
const decidedIn = (found: { readonly commit: string } | undefined): Readonly<Record<string, string>> =>
  found === undefined ? {} : { [DECIDED_COMMIT]: found.commit };
