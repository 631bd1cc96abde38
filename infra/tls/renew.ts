import { generateKeyPairSync } from "node:crypto";
import {
  type AuthorityPlace,
  type CertificateOrder,
  certificateFacts,
  certificateRequest,
  earlierOrder,
  orderCertificate,
  type Progress,
} from "../base/clients/acme";
import type { Cloudflare } from "../base/clients/cloudflare";
import { type NameServers, requireTextEverywhere } from "../base/clients/dns";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type Look, waitFor } from "../base/lib/wait";
import type { Settings } from "../base/model/settings";
import { challengeHost, daysText, tlsNames } from "../base/model/tls";
import { addAnswer, type ChallengeZone, removeAnswers, removeLeftovers } from "./challenges";
import { keepOrder, placedOrders, requirePatience, unfinished } from "./orders";
import { accountKey, keepCertificate, keptCertificate, type TlsCertificate, type TlsStore } from "./record";
import { certificateMissing, reasonToIssue } from "./standing";

/** What a renewal works with. */
export interface Renewing extends TlsStore {
  readonly settings: Settings;
  readonly cloudflare: ChallengeZone["cloudflare"] & Pick<Cloudflare, "requireToken">;
}

/** Time between two looks at the authority, in seconds. */
const EVERY = 1;

/**
 * Gets a TLS certificate from the authority, when there is a reason: none is valid, its names changed, or less than a
 * third of its life is left. Of two runs at the same time the first to write counts, and both give that certificate.
 * @returns the certificate that counts now, and why it was issued; undefined when it was there
 */
export async function renewCertificate(
  renewing: Renewing,
  run: Run,
): Promise<{ readonly certificate: TlsCertificate; readonly reason: string | undefined }> {
  const { settings, cloudflare } = renewing;
  const { certificate, last } = await keptCertificate(renewing, run.clock.now());
  const reason = reasonToIssue(certificate, settings, run.clock.now());
  if (reason === undefined && certificate !== undefined) {
    run.say(`TLS certificate ${certificate.generation}: ${lifeText(certificate, run)}, nothing to renew`);
    return { certificate, reason };
  }
  run.say(`a TLS certificate for ${tlsNames(settings).join(" and ")} is issued: ${reason}`);
  cloudflare.requireToken("dns");
  await removeLeftovers({ zoneId: settings.zoneId, cloudflare }, run);
  const issued = await orFaster(issue(renewing, last, run), renewing, last, run);
  const isOurs =
    issued.generation === undefined && (await keepCertificate(renewing, { ...issued, generation: last + 1 }));
  const { certificate: now } = await keptCertificate(renewing, run.clock.now());
  if (now === undefined || now.generation <= last) throw certificateMissing();
  run.say(
    isOurs
      ? `TLS certificate ${now.generation} of ${now.issuer}: ${lifeText(now, run)}`
      : `another run was faster: TLS certificate ${now.generation} counts`,
  );
  return { certificate: now, reason };
}

type Issued = Omit<TlsCertificate, "generation"> & { readonly generation?: undefined };

/**
 * Two runs may share one order: Let's Encrypt gives an account its open order again. Then the authority refuses the
 * slower run. What the faster one kept is as good.
 */
async function orFaster(issuing: Promise<Issued>, kept: TlsStore, last: number, run: Run) {
  try {
    return await issuing;
  } catch (error) {
    if (!(error instanceof UserError) || run.signal.aborted) throw error;
    const { certificate } = await keptCertificate(kept, run.clock.now());
    if (certificate === undefined || certificate.generation <= last) throw error;
    return certificate;
  }
}

const lifeText = ({ notAfter }: TlsCertificate, run: Run): string =>
  `valid until ${notAfter}, ${daysText(Date.parse(notAfter) - run.clock.now())}`;

/** @param last number of the last record of a certificate */
async function issue(renewing: Renewing, last: number, run: Run): Promise<Issued> {
  const { settings, cloudflare } = renewing;
  const { zone, zoneId, dnsServers, acmeDirectory: directory, acmeContact: contact, readyTimeout: limit } = settings;
  const wanted = { directory, names: tlsNames(settings) };
  const orders = await placedOrders(renewing, last + 1);
  const place = { directory, accountKey: await accountKey(renewing, newPrivateKey), contact };
  for (const { url, privateKey = "" } of unfinished(orders, wanted, run.clock.now())) {
    const chain = await earlier(place, url, limit, run);
    const issued = chain === undefined ? undefined : issuedAs({ ...wanted, chain, privateKey });
    if (issued === undefined || reasonToIssue({ ...issued, generation: last + 1 }, settings, run.clock.now())) continue;
    run.say("the authority issued it to an earlier run, which could not keep it");
    return issued;
  }
  requirePatience(orders, wanted, run.clock.now());
  const order = await orderCertificate(place, wanted.names);
  const privateKey = newPrivateKey();
  const keep = () => {
    const placedAt = new Date(run.clock.now()).toISOString();
    return keepOrder(renewing, last + 1, { ...wanted, url: order.url, placedAt, privateKey });
  };
  await answerAll(order, { zoneId, cloudflare }, { servers: dnsServers, zone }, limit, run, keep);
  await order.finalize(await certificateRequest(wanted.names, privateKey));
  const issued = issuedAs({ ...wanted, chain: await finished("the certificate", order.chain, limit, run), privateKey });
  if (issued) return issued;
  throw new UserError(
    "TlsCertificateWrong",
    `The certificate authority at ${directory} issued a certificate with other names or of another key.`,
    "Check the setting `acmeDirectory`, then run the command again.",
  );
}

/** What an earlier order gives, if it gives anything. */
async function earlier(place: AuthorityPlace, url: string, limit: number, run: Run): Promise<string | undefined> {
  const order = await earlierOrder(place, url);
  if (order === undefined) return undefined;
  try {
    const result = await ended("the certificate of an earlier order", order.chain, limit, run);
    return "done" in result ? result.done : undefined;
  } catch (error) {
    if (!(error instanceof UserError && error.code === "WaitTimedOut")) throw error;
    run.say(`${error.what} Another one is ordered.`); // requirePatience bounds how often
    return undefined;
  }
}

/** @returns undefined when the certificate is of another key or has other names than were ordered */
function issuedAs(of: Pick<TlsCertificate, "directory" | "names" | "chain" | "privateKey">): Issued | undefined {
  const facts = certificateFacts(of.chain, of.privateKey);
  return facts && of.names.every((name) => facts.names.includes(name)) ? { ...of, ...facts } : undefined;
}

/**
 * Answers the challenges of an order, and takes the answers away, whatever happens.
 * @param keep keeps the order, before the authority looks
 */
async function answerAll(
  order: CertificateOrder,
  zone: ChallengeZone,
  servers: NameServers,
  limit: number,
  run: Run,
  keep: () => Promise<void>,
): Promise<void> {
  const { challenges } = order;
  try {
    for (const challenge of challenges) await addAnswer(zone, challenge);
    await waitFor(() => visible(order, servers), { what: "the TXT records at each name server", limit }, run);
    run.signal.throwIfAborted();
    await keep();
    if (!("done" in (await order.proven()))) for (const challenge of challenges) await challenge.ready();
    await finished("the proofs of the names", () => order.proven(), limit, run);
  } finally {
    const texts = challenges.map(({ text }) => text);
    if (texts.length > 0) await removeAnswers(zone, texts);
  }
}

/**
 * Whether the authority may look: one that looks too early refuses, and counts that against us. A run beside this one
 * with the same order may have proven everything, and taken the records away.
 */
async function visible(order: CertificateOrder, servers: NameServers): Promise<Look<true>> {
  try {
    for (const { name, text } of order.challenges) await requireTextEverywhere(challengeHost(name), text, servers);
    return { value: true };
  } catch (error) {
    if (error instanceof UserError && "done" in (await order.proven())) return { value: true };
    throw error;
  }
}

/** Waits for the authority's work. What it refuses is not asked for again. */
async function finished<T>(what: string, look: () => Promise<Progress<T>>, limit: number, run: Run): Promise<T> {
  const result = await ended(what, look, limit, run);
  if ("failed" in result) throw result.failed;
  return result.done;
}

type Ended<T> = Exclude<Progress<T>, { readonly pending: string }>;

const ended = <T>(what: string, look: () => Promise<Progress<T>>, limit: number, run: Run): Promise<Ended<T>> =>
  waitFor<Ended<T>>(
    async () => {
      const now = await look();
      return "pending" in now ? { seen: now.pending } : { value: now };
    },
    { what, limit, every: EVERY },
    run,
  );

/** A new private key, PEM. Every client of today takes P-256. */
const newPrivateKey = (): string =>
  generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
