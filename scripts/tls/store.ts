import { credentials } from "../../infra/base/cli/credentials";
import type { Settings } from "../../infra/base/model/settings";
import { recordKeys } from "../../infra/base/store/record-keys";
import type { TlsStore } from "../../infra/tls/record";
import { storeOf } from "../store";

/** The store that the settings name, for TLS certificates. @throws {UserError} when no key of records is set */
export const tlsStoreOf = (settings: Settings): TlsStore => ({
  store: storeOf(settings),
  keys: recordKeys(credentials().recordKey),
});
