import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { sha256Of } from "../base/lib/sha256";
import { parseBuildTag, releaseTag } from "../base/model/build-tag";
import { effectiveGenesis } from "../base/model/network-facts";
import type { VersionOutputs } from "../base/model/outputs";
import { ObjectExists, type Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

import { unverifiedStatement } from "./certificate/envelope";
import { type Certificate, readStatement } from "./certificate/reader";
import { sealCertificate } from "./certificate/verify";
import { logPrefix } from "./entry";
import { SimmerLog } from "./log";
import { missingFor, neededTime } from "./progress";
import { replay } from "./replay";

/** Where the certificate of a network is in the store. It is written once. */
export const certificateKey = (tag: string, genesisId: string): string =>
  `${logPrefix(tag, genesisId)}certificate.json`;

/** The certificate of a network, as its file; undefined when there is none. @throws {UserError} when it cannot be read */
export async function certificateOf(store: Store, tag: string, genesisId: string): Promise<string | undefined> {
  const key = certificateKey(tag, genesisId);
  return (await store.list(key)).includes(key) ? textOf(store.get(key)) : undefined;
}

/** What a network is certified from. */
export interface Certifying {
  readonly outputs: VersionOutputs;
  readonly store: Store;
  /** Repository of the node. */
  readonly repository: string;
  /** PEM; a secret. */
  readonly privateKey: string;
}

/**
 * Certifies a network: judges its whole log again, down to every sample, and seals what that proves. The certificate is
 * written once; a network that has one keeps it.
 * @returns the certificate's text
 * @throws {UserError} with everything that is missing, or the first entry of the log that was changed
 */
export async function certify(certifying: Certifying, run: Run): Promise<string> {
  const { store, outputs } = certifying;
  const { tag, genesisId } = outputs;
  const log = new SimmerLog(store, tag, genesisId);
  const text = (await certificateOf(store, tag, genesisId)) ?? (await seal(certifying, log, run));
  // A run may have been killed after it stored the certificate. Without its entry, nobody would publish it.
  const { to: at } = readStatement(unverifiedStatement(text));
  await log.add(({ certifiedAt }) =>
    certifiedAt === undefined ? { body: { kind: "certificate", at, sha256: sha256Of(text) } } : undefined,
  );
  return text;
}

/** Seals a certificate and stores it. Of two people who do so, the faster one's counts. */
async function seal({ outputs, store, repository, privateKey }: Certifying, log: SimmerLog, run: Run): Promise<string> {
  const { tag, genesisId, commit, facts } = outputs;
  let from: string | undefined;
  const replayed = await replay(
    (async function* () {
      for await (const sealed of log.entries()) {
        if (sealed.entry.body.kind === "sample") from ??= sealed.entry.body.sample.at;
        if (sealed.entry.number % PROGRESS === 0) run.say(`${tag}: ${sealed.entry.number} entries judged again`);
        yield sealed;
      }
    })(),
  );
  const { state, terms, entries, head } = replayed;
  const missing = missingFor(state, terms);
  if (terms.commit !== commit) missing.push(`a watch of the commit that was deployed, ${commit.slice(0, 12)}`);
  if (missing.length > 0) {
    throw new UserError(
      "SimmerIncomplete",
      `${tag} cannot be certified yet: it lacks ${missing.join("; ")}.`,
      `Go on with \`smeshnet simmer watch\`, and look at \`smeshnet simmer status ${tag}\`.`,
    );
  }
  const to = new Date(Math.max(...Object.values(state.memory.watchers).map(({ at }) => at))).toISOString();
  const text = sealCertificate(
    {
      tag,
      release: releaseTag(parseBuildTag(tag)),
      repository,
      commit,
      ...(facts.nodeImage && { image: facts.nodeImage }),
      genesisId,
      effectiveGenesis: effectiveGenesis(terms.network),
      chain: { prefix: log.prefix, count: entries, head },
      observed: state.memory.observed,
      needed: neededTime(terms),
      thresholds: { simmerLag: terms.thresholds.usualLag, simmerStall: terms.thresholds.stall, simmerDays: terms.days },
      from: from ?? to,
      to,
      visits: state.visits.length,
      digests: {
        config: sha256Of(facts.nodeConfig),
        versions: sha256Of(JSON.stringify(outputs.versions)),
        smoke: sha256Of(JSON.stringify(outputs.smoke)),
      },
      page: outputs.endpoints.page,
    },
    privateKey,
  );
  try {
    await store.put(certificateKey(tag, genesisId), text);
    return text;
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
    return textOf(store.get(certificateKey(tag, genesisId)));
  }
}

/** Entries between two lines of progress. */
const PROGRESS = 2000;

/**
 * Verifies a certificate down to every sample: reads the log that it names, and judges all of it again.
 * @throws {UserError} with the first entry that was changed, or what the certificate says otherwise
 */
export async function verifyLog(store: Store, certificate: Certificate): Promise<void> {
  const { tag, genesisId, chain, observed, commit, visits, needed } = certificate;
  const log = new SimmerLog(store, tag, genesisId);
  const upTo = async function* () {
    for await (const sealed of log.entries()) {
      if (sealed.entry.number > chain.count) return;
      yield sealed;
    }
  };
  const { entries, head, state, terms } = await replay(upTo());
  const differs =
    entries !== chain.count
      ? `the log has ${entries} entries, the certificate names ${chain.count}`
      : head !== chain.head
        ? `entry ${chain.count} of the log is another one than the certificate names`
        : JSON.stringify(state.memory.observed) !== JSON.stringify(observed)
          ? "the log proves other times than the certificate states"
          : terms.commit !== commit || state.visits.length !== visits || neededTime(terms) !== needed
            ? "the log has another commit, other visits or other days than the certificate"
            : undefined;
  if (!differs) return;
  throw new UserError(
    "CertificateUnproven",
    `The log in the store does not prove the certificate of ${tag}: ${differs}.`,
    "Trust neither. Deploy the release as another build and let it simmer.",
  );
}
