import type { CloudflareTokens } from "./cloudflare-token";

/** The credentials for external systems, read from the environment once. Secrets, unless a field says otherwise. */
export interface Credentials extends CloudflareTokens, StoreCredentials {
  /** Those of an account that may only read the store: the same variables with {@link READER} before their names. */
  readonly storeReader?: StoreCredentials;
  /** Whether the credentials of the store are those of its reader. */
  readonly isReader?: boolean;
  /** `CLOUDFLARE_BASE_URL`: another API than Cloudflare's own; not a secret. */
  readonly cloudflareUrl?: string;
  /** `AWS_REGION`; not a secret. */
  readonly awsRegion?: string;
  /** `STORAGE_EMULATOR_HOST`: another API than Google's own, which needs no key file; not a secret. */
  readonly storageEmulator?: string;
  /** `SMESHNET_RECORD_KEY`: seals and proves the records of the store; older keys follow after commas. */
  readonly recordKey?: string;
  /** `SPACECRAFT_HOME`: the folder in which go-spacecraft runs; not a secret. */
  readonly spacecraftHome?: string;
}

/** What comes before the name of a variable that is for the reader of the store. */
export const READER = "ARCHIVE_READER_";

/** What opens a bucket for the store. */
export interface StoreCredentials {
  /** `AWS_ACCESS_KEY_ID` */
  readonly awsAccessKeyId?: string;
  /** `AWS_SECRET_ACCESS_KEY` */
  readonly awsSecretAccessKey?: string;
  /** `AWS_SESSION_TOKEN` */
  readonly awsSessionToken?: string;
  /** `AWS_CREDENTIAL_EXPIRATION`: when the session ends, RFC 3339; not a secret. */
  readonly awsCredentialExpiration?: string;
  /** `GOOGLE_APPLICATION_CREDENTIALS`: path of a service account's key file. */
  readonly googleKeyFile?: string;
}

/** The credentials with which a reader opens the store: its own, where there are any. */
export function asReader(credentials: Credentials): Credentials {
  const { storeReader = {} } = credentials;
  if (Object.values(storeReader).every((value) => value === undefined)) return credentials;
  const { awsRegion, storageEmulator, recordKey } = credentials;
  return { awsRegion, storageEmulator, recordKey, ...storeReader, isReader: true };
}
