import { refusal } from "./refusals";
import { given, TAG, type WrongCall } from "./valid";

const MISSING = refusal("RecordKeyMissing", "SMESHNET_RECORD_KEY", "`openssl rand -hex 32`");

/** What reads or writes records. */
const USERS = [
  "announce testnet 1 --not-sent",
  "archive list",
  "archive seal --dry-run",
  `archive show ${TAG}`,
  `archive verify ${TAG}`,
  "demote --reason stalls",
  `deploy ${TAG}`,
  "drift",
  "list",
  "promote v1.2.3 --channel testnet",
  `recap ${TAG}`,
  `retire ${TAG}`,
  "retire --due",
  "simmer status",
  `simmer visit ${TAG} --note well`,
  "simmer watch --once --every 30",
  "tls renew",
  "tls status",
  "step announce testnet",
  "step archive probe",
  `step archive collect ${TAG}`,
  `step gateway tls ${TAG}`,
  `step guard ${TAG}`,
  `step history close ${TAG}`,
  `step network up ${TAG}`,
  `step network down ${TAG}`,
];

/** Without a key of records, nothing that reads or writes them begins. */
export const RECORD_KEYS: readonly WrongCall[] = [
  ...USERS.map((words) => given(words, "SMESHNET_RECORD_KEY", undefined, "a missing key of records", MISSING)),
  given("archive list", "SMESHNET_RECORD_KEY", "hunter2hunter2", "a key of records that is too short", {
    ...refusal("RecordKeyInvalid", "SMESHNET_RECORD_KEY"),
    hides: ["hunter2"],
  }),
];
