import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Tries what a public bug report told. It fails when the outcome is not the right one. */
export type Trial = () => Promise<void>;

/** The input of a trial, as the report gave it: `test/fixtures/trials/T40/statuses.json`. */
export const trialInput = (id: string, file: string): string => readFileSync(trialFile(id, file), "utf8");

/** The path of such an input. */
export const trialFile = (id: string, file: string): string =>
  join(__dirname, "..", "..", "fixtures", "trials", id, file);

/** The same input as bytes. */
export const trialBytes = (id: string, file: string): Buffer => readFileSync(trialFile(id, file));
