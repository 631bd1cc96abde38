import { credentials } from "../../infra/base/cli/credentials";
import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { type BuildTag, buildTag } from "../../infra/base/model/build-tag";
import type { Settings } from "../../infra/base/model/settings";
import { kubeconfigOf } from "../../infra/deploy/network/driver";
import { madeBy } from "../../infra/deploy/network/drivers";
import { networkTags, type RunningNetwork, runningNetwork } from "../../infra/simmer/networks";
import { type Handed, handOut } from "../../infra/tls/hand-out";
import type { TlsCertificate, TlsStore } from "../../infra/tls/record";

/** The networks, and the way into their clusters. */
export interface Gateways {
  /** Build tags of all networks that have a stack. */
  tags(): Promise<readonly BuildTag[]>;
  /** Undefined unless the network was completed and still exists. */
  network(tag: BuildTag): Promise<Pick<RunningNetwork, "outputs" | "isLeaving"> | undefined>;
  /** Hands the certificate to a network's cluster. */
  hand(tag: BuildTag, outputs: RunningNetwork["outputs"]): Promise<Handed>;
}

/** What became of a certificate. */
export interface HandedToAll {
  /** Build tags of the networks that have it now. */
  readonly networks: readonly string[];
  /** Those that do not, each with the reason, a sentence. */
  readonly failed: readonly { readonly network: string; readonly why: string }[];
}

/** The real ones. @param certificate to hand out */
export function gateways(
  certificate: TlsCertificate,
  { settings, store }: Pick<TlsStore, "store"> & { readonly settings: Settings },
  run: Run,
): Gateways {
  return {
    tags: () => networkTags(run),
    network: (tag) => runningNetwork(tag, run),
    async hand(tag, outputs) {
      const { driver, spec } = madeBy(tag, outputs, settings, { store, credentials: credentials() });
      return handOut(certificate, await kubeconfigOf(driver, spec, run), store, run.signal);
    },
  };
}

/**
 * Hands the certificate to the gateways of all running networks that serve TLS. It does so in every run: what one run
 * could not do, the next one does. A network that cannot have it keeps none of the others waiting.
 */
export async function handOutToAll(
  { generation }: Pick<TlsCertificate, "generation">,
  world: Gateways,
  run: Pick<Run, "say" | "signal">,
): Promise<HandedToAll> {
  const networks: string[] = [];
  const failed: { network: string; why: string }[] = [];
  for (const tag of await world.tags()) {
    const network = buildTag(tag);
    try {
      const handed = await handTo(tag, world);
      if (handed === undefined) continue;
      networks.push(network);
      run.say(`${network}: its gateway ${SAID[handed](generation)}`);
    } catch (error) {
      if (!(error instanceof UserError) || run.signal.aborted) throw error;
      run.say(`${network}: ${error.what}`);
      failed.push({ network, why: error.what });
    }
  }
  return { networks, failed };
}

const SAID: Readonly<Record<Handed, (generation: number) => string>> = {
  given: (generation) => `gets TLS certificate ${generation}`,
  same: (generation) => `has TLS certificate ${generation}`,
  newer: (generation) => `has a newer TLS certificate than ${generation}`,
};

/** @returns undefined for a network that needs none */
async function handTo(tag: BuildTag, world: Gateways): Promise<Handed | undefined> {
  const found = await world.network(tag);
  if (!needsOne(found)) return undefined;
  try {
    return await world.hand(tag, found.outputs);
  } catch (error) {
    // A retirement may have begun in the meantime.
    if (error instanceof UserError && !needsOne(await world.network(tag))) return undefined;
    throw error;
  }
}

/** Who has no use for a private key does not get it. */
const needsOne = <T extends Pick<RunningNetwork, "outputs" | "isLeaving">>(network: T | undefined): network is T =>
  network !== undefined && !network.isLeaving && network.outputs.endpoints.json.startsWith("https:");

/** @throws {UserError} when networks did not get the certificate */
export function requireAll({ networks, failed }: HandedToAll, generation: number): void {
  const [first] = failed;
  if (first === undefined) return;
  const count = networks.length + failed.length;
  const lacking = failed.map(({ network }) => network).join(", ");
  throw new UserError(
    "TlsHandOutIncomplete",
    `${failed.length} of ${count} networks did not get TLS certificate ${generation}: ${lacking}. ` +
      `${first.network}: ${first.why}`,
    "Correct what the lines above say. The next `smeshnet tls renew` hands it out, and asks for no other certificate.",
  );
}
