import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Named } from "../../kubernetes/names";
import { epochOf, layerAt } from "../clock";
import type { NodeConfig } from "./node-config";
import type { NodeLog } from "./node-log";
import { get } from "./pod-http";

const TIMEOUT = 2_000;

/** Questions per layer (go-spacemesh 1.8 node/node.go, Bootstrap.Interval). */
const PER_LAYER = 5;

/** Epoch whose beacon the bootstrap data gives. */
const EPOCH = 2;

/** Bytes of a beacon, and their hex digits. */
const BEACON = /^[\da-f]{8,}$/i;
const BEACON_DIGITS = 8;

/** Bootstrap data (go-spacemesh bootstrap/schema.json). */
const Update = z.object({
  version: z.string(),
  data: z.object({ epoch: z.object({ number: z.number().int(), beacon: z.string().optional() }) }),
});

/**
 * Asks for the data of epoch 2 from epoch 1 on until the beacon is there or epoch 2 is over. Returns a function that
 * ends the questions.
 */
export function pollBootstrap(
  config: NodeConfig,
  pod: Named,
  log: NodeLog,
  gotBeacon: (layer: number) => void,
): () => void {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const again = () => {
    if (!ending.signal.aborted) timer = setTimeout(ask, (config.layerDuration * 1000) / PER_LAYER);
  };
  const ask = () => {
    const epoch = epochOf(config, layerAt(config, Date.now()));
    if (epoch > EPOCH) return;
    if (epoch === 0) return again();
    beacon(config, pod, log, ending.signal).then(
      (found) => {
        if (ending.signal.aborted) return;
        if (found === undefined) return again();
        log.info("beacon", "using fallback beacon", { epoch: EPOCH, beacon: found });
        gotBeacon(layerAt(config, Date.now()));
      },
      // The node tells a failure at its debug level alone, which is off.
      again,
    );
  };
  if (config.bootstrapUrl !== "") ask();
  return () => {
    ending.abort();
    clearTimeout(timer);
  };
}

/** The beacon of epoch 2 from the data with all, or from that with the beacon alone; undefined while there is none. */
async function beacon(config: NodeConfig, pod: Named, log: NodeLog, signal: AbortSignal): Promise<string | undefined> {
  let found: string | undefined;
  for (const suffix of ["bs", "bc", "as"]) {
    const name = `epoch-${EPOCH}-update-${suffix}`;
    const { status, body } = await get(`${config.bootstrapUrl}/${name}`, pod, signal, TIMEOUT);
    if (status === 404) continue;
    if (status !== 200) throw new Error(`bootstrap source returned ${status}`);
    const told = read(body, config.bootstrapVersion);
    persist(config, name, body, told, log);
    found ??= told;
    if (suffix === "bs") break;
  }
  return found;
}

/** @throws when the data is of another form or version, or its beacon is not of hex digits */
function read(body: string, version: string): string {
  const { version: given, data } = Update.parse(JSON.parse(body));
  if (given !== version) throw new Error(`wrong schema version: expected ${version}, got ${given}`);
  const { beacon: digits = "" } = data.epoch;
  if (!BEACON.test(digits)) throw new Error(`invalid beacon: ${digits}`);
  return digits.slice(0, BEACON_DIGITS);
}

function persist({ dataFolder }: NodeConfig, name: string, body: string, told: string, log: NodeLog): void {
  const folder = join(dataFolder, "bootstrap", String(EPOCH));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const persisted = join(folder, name);
  writeFileSync(persisted, body);
  log.info("bootstrap", "new bootstrap file", { persisted, epoch: String(EPOCH), beacon: told, activeset_size: 0 });
}
