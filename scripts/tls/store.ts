import { credentials } from "../../infra/base/cli/credentials";
import type { Settings } from "../../infra/base/model/settings";
import { openSecretTexts, openStore } from "../../infra/base/store/open";
import type { TlsStore } from "../../infra/tls/record";

/** The store behind a URL, for TLS certificates. @throws {UserError} when no key of records is set */
export function tlsStoreOf({ archive }: Pick<Settings, "archive">): TlsStore {
  const access = credentials();
  return { store: openStore(archive, access), secretTexts: openSecretTexts(access) };
}
