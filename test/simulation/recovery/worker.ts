// A command that cleans up after a killed run and then runs the real engine, as `smeshnet retire` does; without a world
// around. `recover` alone with the argument `recover`.

import { copyFileSync, readFileSync, rmSync } from "node:fs";
import type { Cloudflare, CloudflareObject } from "../../../infra/base/clients/cloudflare";
import { openStack } from "../../../infra/base/engine/open";
import { recover } from "../../../infra/base/engine/recovery/recover";
import { engineDestroy } from "../../../infra/base/engine/run";
import { errorText, UserError } from "../../../infra/base/lib/errors";
import { runWith } from "../../../infra/base/lib/run";
import { STACK } from "./backend";

const RECORD = process.env.STRAY_RECORD ?? "";

/** A zone with one record that no state knows, which a file stands for. */
const cloudflare = new Proxy({} as Cloudflare, {
  get: (_, name) => {
    if (name === "dnsRecords") return async () => records();
    if (name === "removeDnsRecord") return async () => rmSync(RECORD, { force: true });
    return undefined;
  },
});

function records(): CloudflareObject[] {
  const { NEWER_STATE: newer, STATE: state } = process.env;
  if (newer && state) copyFileSync(newer, state); // an update ends, just when the state has been read
  try {
    return [{ id: "stray", name: "stray", comment: readFileSync(RECORD, "utf8").trim() }];
  } catch {
    return [];
  }
}

async function main(): Promise<void> {
  const run = runWith({ say: (line) => process.stderr.write(`${line}\n`) });
  const recovery = { stack: STACK, zoneId: "zone", cloudflare };
  const stack = await openStack(STACK, true);
  Reflect.set(globalThis, "isRecovering", true);
  if (process.argv.includes("recover")) await recover(recovery, run, { always: true });
  else await engineDestroy({ ...recovery, stack, what: STACK }, run);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof UserError ? errorText(error) : String(error)}\n`);
  process.exitCode = 1;
});
