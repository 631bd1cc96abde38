import { credentials } from "../../infra/base/cli/credentials";
import type { Settings } from "../../infra/base/model/settings";
import { openSecretTexts, openStore, openStoreToRead } from "../../infra/base/store/open";
import type { TlsStore } from "../../infra/tls/record";

type Place = Pick<Settings, "archive">;

/** The store behind a URL, for TLS certificates. @throws {UserError} when no key of records is set */
export function tlsStoreOf({ archive }: Place): TlsStore {
  const access = credentials();
  return { store: openStore(archive, access), secretTexts: openSecretTexts(access) };
}

/** The same for whoever only reads it. */
export function tlsStoreToRead({ archive }: Place): TlsStore {
  const access = credentials();
  return { store: openStoreToRead(archive, access), secretTexts: openSecretTexts(access) };
}
