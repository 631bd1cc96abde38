import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("checksums.json", import.meta.url));

/**
 * The pinned checksums of official downloads by URL: SHA-256 or SHA-512 in lower-case hexadecimal.
 *
 * @returns {Readonly<Record<string, string>>}
 */
export function readPins() {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** @param {Readonly<Record<string, string>>} pins */
export function writePins(pins) {
  const draft = `${FILE}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(pins, undefined, 2)}\n`);
  renameSync(draft, FILE);
}
