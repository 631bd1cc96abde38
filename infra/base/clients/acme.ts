import { createPrivateKey, X509Certificate } from "node:crypto";
import * as acme from "acme-client";
import { cut } from "../lib/cut";
import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import { plainLine } from "../lib/text";

/** Time limit of one request, in milliseconds. */
const TIMEOUT = 30_000;
/** Most bytes of an answer. A chain has some thousand. */
const LARGEST = 1_048_576;

/** A certificate authority, as a person sets it. */
export interface AuthorityPlace {
  /** URL of its directory (RFC 8555, section 7.1.1). */
  readonly directory: string;
  /** Private key of our account there, PEM; a secret. The authority makes the account when it first sees the key. */
  readonly accountKey: string;
  /** Mail address to which it writes; empty for none. */
  readonly contact: string;
}

/** What an authority wants to see in the zone. */
export interface Challenge {
  /** The name without its wildcard, e.g. `net.spacemesh.io`. */
  readonly name: string;
  /** Text of the TXT record. */
  readonly text: string;
  /** Tells the authority to look. @throws {UserError} when it refuses */
  readonly ready: () => Promise<void>;
}

/** How far an order is: a phrase while the authority works on it, or what made it fail. */
export type Progress<T> = { readonly done: T } | { readonly pending: string } | { readonly failed: UserError };

/** An order of one certificate. Each call throws a {@link UserError} when the authority refuses or is silent. */
export interface CertificateOrder {
  /** By which the authority knows it. */
  readonly url: string;
  /** What is still to be proven. The authority keeps proofs for a while, so this may be nothing. */
  readonly challenges: readonly Challenge[];
  /** Whether all names are proven. */
  proven(): Promise<Progress<true>>;
  /** Asks for the certificate. @param csr of the names, PEM */
  finalize(csr: string): Promise<void>;
  /** The chain, PEM, the certificate first. */
  chain(): Promise<Progress<string>>;
}

/** Orders a certificate from an authority by ACME (RFC 8555), with proofs by DNS. @throws {UserError} */
export async function orderCertificate(place: AuthorityPlace, names: readonly string[]): Promise<CertificateOrder> {
  const { directory } = place;
  const { client, ask } = await opened(place);
  const order = await ask("take an order", () =>
    client.createOrder({ identifiers: names.map((value) => ({ type: "dns", value })) }),
  );
  const looks = () => ask("show the proofs of an order", () => client.getAuthorizations(order));
  const open = (await looks()).filter(({ status }) => status === "pending");
  const challenges = open.map(async ({ identifier, challenges: offered }) => {
    const challenge = offered.find(({ type }) => type === "dns-01");
    if (!challenge) throw refused(directory, "offer a proof by DNS", new Error(`for ${identifier.value}`));
    const text = await client.getChallengeKeyAuthorization(challenge);
    const ready = async () => void (await ask("take a proof", () => client.completeChallenge(challenge)));
    return { name: identifier.value, text, ready };
  });
  return {
    url: order.url,
    challenges: await Promise.all(challenges),
    async proven() {
      const all = await looks();
      const bad = all.find(({ status }) => !["pending", "valid"].includes(status));
      if (bad)
        return { failed: refused(directory, `believe that ${bad.identifier.value} is ours`, new Error(whyOf(bad))) };
      const waiting = all.filter(({ status }) => status === "pending").map(({ identifier }) => identifier.value);
      return waiting.length === 0 ? { done: true } : { pending: `it has not looked at ${waiting.join(" and ")}` };
    },
    finalize: async (csr) => void (await ask("issue a certificate", () => client.finalizeOrder(order, csr))),
    chain: () => chainOf(order, place, { client, ask }),
  };
}

/**
 * An order of an earlier run, once its certificate was asked for.
 * @returns undefined when it was not asked for, or the authority does not know the order any more
 * @throws {UserError} when the authority is silent
 */
export async function earlierOrder(
  place: AuthorityPlace,
  url: string,
): Promise<Pick<CertificateOrder, "chain"> | undefined> {
  const open = await opened(place);
  const order: acme.Order = { url, status: "pending", identifiers: [], authorizations: [], finalize: "" };
  // Only its URL is sent.
  const now = await open.client.getOrder(order).catch((error: unknown) => {
    if (isObject(error) && error.isAxiosError === true) throw refused(place.directory, "show an order", error);
    return undefined;
  });
  if (now?.status !== "valid" && now?.status !== "processing") return undefined;
  return { chain: () => chainOf(now, place, open) };
}

/** An account at an authority. */
interface Opened {
  readonly client: acme.Client;
  /** @param what the authority did not do when the call fails, a phrase */
  ask<T>(what: string, call: () => Promise<T>): Promise<T>;
}

/** Opens our account, and makes it when the authority does not know it. */
async function opened({ directory, accountKey, contact }: AuthorityPlace): Promise<Opened> {
  // Its own retries wait for minutes where nobody can interrupt them. A person or the daily job comes again.
  Object.assign(acme.axios.defaults, { timeout: TIMEOUT, maxContentLength: LARGEST, maxRedirects: 0 });
  Object.assign(acme.axios.defaults, { acmeSettings: { retryMaxAttempts: 0 } });
  const client = new acme.Client({ directoryUrl: directory, accountKey });
  const ask = <T>(what: string, call: () => Promise<T>): Promise<T> =>
    call().catch((error: unknown) => {
      throw refused(directory, what, error);
    });
  const mail = contact === "" ? {} : { contact: [`mailto:${contact}`] };
  const isKnown = await client.createAccount({ onlyReturnExisting: true }).then(
    () => true,
    () => false, // it tells no reason apart from its words, and the next call meets the same one
  );
  if (!isKnown) await ask("give an account", () => client.createAccount({ termsOfServiceAgreed: true, ...mail }));
  else if (contact !== "") await ask("take the contact of our account", () => client.updateAccount(mail));
  return { client, ask };
}

async function chainOf(
  order: acme.Order,
  { directory }: AuthorityPlace,
  { client, ask }: Opened,
): Promise<Progress<string>> {
  const now = await ask("show an order", () => client.getOrder(order));
  if (now.status === "invalid")
    return { failed: refused(directory, "issue a certificate", new Error("the order is invalid")) };
  if (now.status !== "valid") return { pending: `the order is ${now.status}` };
  return { done: await ask("give the certificate", () => client.getCertificate(now)) };
}

/** A request for a certificate, PEM. @param privateKey of the certificate, PEM; a secret */
export async function certificateRequest(names: readonly string[], privateKey: string): Promise<string> {
  const [, csr] = await acme.crypto.createCsr({ altNames: [...names] }, privateKey);
  return csr.toString();
}

/** What a certificate says of itself. */
export interface CertificateFacts {
  /** Sorted. */
  readonly names: readonly string[];
  /** Common name of the issuer, or all of its name. */
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** RFC 3339. */
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Reads the first certificate of a chain. @returns undefined when it holds none, or is not of the private key */
export function certificateFacts(chain: string, privateKey: string): CertificateFacts | undefined {
  try {
    const leaf = new X509Certificate(chain);
    if (!leaf.checkPrivateKey(createPrivateKey(privateKey))) return undefined;
    const names = (leaf.subjectAltName ?? "").split(", ").flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
    return {
      names: names.sort(),
      issuer: /^CN=(.+)$/m.exec(leaf.issuer)?.[1] ?? leaf.issuer.replaceAll("\n", ", "),
      serial: leaf.serialNumber,
      notBefore: new Date(leaf.validFrom).toISOString(),
      notAfter: new Date(leaf.validTo).toISOString(),
    };
  } catch {
    return undefined; // it is no certificate, or no key
  }
}

function whyOf({ status, challenges }: acme.Authorization): string {
  const problem = challenges.map(({ error }) => error).find((error) => error !== undefined);
  return problem === undefined ? `the proof is ${status}` : JSON.stringify(problem);
}

/**
 * The words of others are cut. None of them holds a secret: keys sign, and are never sent.
 * @param what it did not do, a phrase
 */
function refused(directory: string, what: string, error: unknown): UserError {
  const reason = cut(plainLine(error instanceof Error ? error.message : String(error)), 300).replace(/\.$/, "");
  return new UserError(
    "AuthorityRefused",
    `The certificate authority at ${directory} did not ${what} (${reason || "no reason given"}).`,
    "Correct what it says, or run the command again later.",
  );
}
