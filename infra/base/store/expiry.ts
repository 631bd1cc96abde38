import { UserError } from "../lib/errors";
import type { Run } from "../lib/run";
import type { Credentials } from "../model/credentials";
import { parseStoreUrl } from "../model/store-url";

/** Below this many minutes an archive of a large network may take longer than its credentials last. */
const SHORT = 12 * 60;

/** When the session of the credentials ends, in milliseconds since 1970; undefined when nobody told. */
function endOf({ awsSessionToken, awsCredentialExpiration = "" }: Credentials): number | undefined {
  const end = awsSessionToken ? Date.parse(awsCredentialExpiration) : Number.NaN;
  return Number.isFinite(end) ? end : undefined;
}

/**
 * @param now milliseconds since 1970
 * @throws {UserError} when the session of the credentials is known to be over
 */
export function requireUnexpired(credentials: Credentials, now: number): void {
  const end = endOf(credentials);
  if (end === undefined || end > now) return;
  throw new UserError(
    "StoreCredentialsExpired",
    `The credentials of the store expired at ${new Date(end).toISOString()} (AWS_CREDENTIAL_EXPIRATION).`,
    "Get new ones, then run the command again.",
  );
}

/**
 * Says before a long work how long the credentials of a store last, when that is known and short.
 * @throws {UserError} when they are known to have expired
 */
export function sayExpiry(url: string, credentials: Credentials, { clock, say }: Pick<Run, "clock" | "say">): void {
  if (parseStoreUrl(url)?.kind !== "s3") return;
  requireUnexpired(credentials, clock.now());
  const minutes = ((endOf(credentials) ?? Number.POSITIVE_INFINITY) - clock.now()) / 60_000;
  if (minutes > SHORT) return;
  say(`the credentials of the store expire in ${Math.floor(minutes)} min; an archive that takes longer starts anew`);
}
