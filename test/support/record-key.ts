import type { Credentials } from "../../infra/base/model/credentials";

/** The key of all stores of tests. Mocha loads this file first (.mocharc.json), so that commands of tests get it too. */
export const RECORD_KEY = "7e57".repeat(16);
process.env.SMESHNET_RECORD_KEY = RECORD_KEY;

/** Credentials of a store in a folder. */
export const KEYED: Credentials = { recordKey: RECORD_KEY };
