import { requirePassphrase } from "../base/engine/passphrase";
import { isService } from "../base/engine/recovery/backend-files";
import type { Credentials } from "../base/model/credentials";
import type { Mistake } from "../base/model/invalid-settings";
import { openStore } from "../base/store/open";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

type Environment = Readonly<Record<string, string | undefined>>;

/** Every wrong setting in a line. @param driver that is set, if that setting is right */
export const judgeSettings = (mistakes: readonly Mistake[], driver: string | undefined): Finding[] =>
  mistakes.length === 0
    ? [ok("settings", `all settings can be read, driver ${driver}`)]
    : mistakes.map(({ what, fix }) => fail("settings", what, fix));

/** The key is judged also while the setting `archive` is wrong; to open a store makes no request. */
const ANY_STORE = "file:///any";

/** The questions for the two keys that nobody can make again. Neither is shown. */
export const keyChecks = (
  environment: Environment,
  credentials: Pick<Credentials, "recordKey">,
  backend: string | undefined,
): Check[] => [
  {
    name: "keys.records",
    async ask() {
      openStore(ANY_STORE, credentials);
      return found(ok("keys.records", "there is one for the store", "that it is the one of records that exist"));
    },
  },
  {
    name: "keys.passphrase",
    async ask() {
      if (backend === undefined) return found(UNKNOWN);
      await requirePassphrase("edge", undefined, { ...environment, PULUMI_BACKEND_URL: backend });
      return found(
        isService(backend)
          ? ok("keys.passphrase", "none is needed, since the Pulumi service keeps the secrets of states")
          : ok("keys.passphrase", "there is one for the states", "that it is the one of stacks that exist"),
      );
    },
  },
];

const UNKNOWN = warn(
  "keys.passphrase",
  "not asked, since there is no state backend",
  "Choose a backend, then run `smeshnet doctor` again",
);
