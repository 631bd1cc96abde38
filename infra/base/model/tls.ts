import { channelHost } from "./endpoints";
import type { Settings } from "./settings";

// One certificate serves all networks and channels, so that neither a deployment nor a promotion asks for one.

/** What the names of a TLS certificate depend on. */
export type NamesOfZone = Pick<Settings, "zone" | "subdomain" | "channels">;

/**
 * The names of the TLS certificate, sorted: a wildcard for networks, and one for each channel.
 * A wildcard stands for one label, so `*.net.spacemesh.io` does not cover `api.test.net.spacemesh.io`.
 */
export const tlsNames = ({ zone, subdomain, channels }: NamesOfZone): string[] => {
  const parents = [`${subdomain}.${zone}`, ...channels.map((channel) => channelHost(channel, { zone, subdomain }))];
  return parents.map((parent) => `*.${parent}`).sort();
};

/** Whether names of a certificate cover a host (RFC 6125, section 6.4.3: a wildcard is the whole first label). */
export const covers = (names: readonly string[], host: string): boolean =>
  names.some((name) => name === host || (name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1)));

/** The hosts that a certificate must cover and does not. No certificate covers a name with an underscore. */
export const uncovered = (names: readonly string[], hosts: readonly string[]): string[] =>
  hosts.filter((host) => !host.includes("_") && !covers(names, host));

/** The name of the TXT record that proves to a certificate authority that a name is ours (RFC 8555, section 8.4). */
export const challengeHost = (name: string): string => `_acme-challenge.${name.replace(/^\*\./, "")}`;

/** The comment on such a record of ours. It is no owner's (ownership.ts): a stack owns none of them. */
export const CHALLENGE_COMMENT = "smeshnet TLS challenge";

/** The Secret that hands the certificate to a network's gateway, and the file in it: chain and private key as PEM. */
export const TLS_SECRET = "gateway-tls";
export const TLS_FILE = "tls.pem";

/** When a certificate is valid, RFC 3339. */
export interface Validity {
  readonly notBefore: string;
  readonly notAfter: string;
}

const DAY = 86_400_000;

/** @param span in milliseconds */
export const daysText = (span: number): string => `${Math.floor(span / DAY)} days`;

/** How much of a certificate's life is left, and all of it, in milliseconds. @param now milliseconds since 1970 */
export const lifeOf = ({ notBefore, notAfter }: Validity, now: number) => ({
  left: Date.parse(notAfter) - now,
  life: Date.parse(notAfter) - Date.parse(notBefore),
});

/** A renewal is due when less than a third of the life is left, as Let's Encrypt advises: 30 of 90 days. */
export const isDue = (certificate: Validity, now: number): boolean => {
  const { left, life } = lifeOf(certificate, now);
  return left * 3 < life;
};

/** A renewal is late when less than 21 of 90 days are left: the runs of nine days failed, or there were none. */
export const isLate = (certificate: Validity, now: number): boolean => {
  const { left, life } = lifeOf(certificate, now);
  return left * 90 < life * 21;
};
