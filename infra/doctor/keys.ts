import { requirePassphrase } from "../base/engine/passphrase";
import { isService } from "../base/engine/recovery/backend-files";
import type { Mistake } from "../base/model/invalid-settings";
import { recordKeys } from "../base/store/record-keys";
import { type Check, type Finding, fail, found, ok, warn } from "./check";

type Environment = Readonly<Record<string, string | undefined>>;

/** Every wrong setting in a line. @param driver that is set, if that setting is right */
export const judgeSettings = (mistakes: readonly Mistake[], driver: string | undefined): Finding[] =>
  mistakes.length === 0
    ? [ok("settings", `all settings can be read, driver ${driver}`)]
    : mistakes.map(({ what, fix }) => fail("settings", what, fix));

/** The questions for the two keys that nobody can make again. Neither is shown. */
export const keyChecks = (environment: Environment, backend: string | undefined): Check[] => [
  {
    name: "keys.records",
    async ask() {
      const { length } = recordKeys(environment.SMESHNET_RECORD_KEY || undefined);
      const keys = length === 1 ? "SMESHNET_RECORD_KEY holds a key" : `SMESHNET_RECORD_KEY holds ${length} keys`;
      return found(ok("keys.records", keys, "that it is the key of this store, if the store holds records"));
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
