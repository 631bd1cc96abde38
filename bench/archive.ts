import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { readManifest } from "../infra/archive/verify";
import type { NetworkSpec } from "../infra/base/model/network-spec";
import { textOf } from "../infra/base/store/digest";
import { openStore } from "../infra/base/store/open";

/** What archiving a network has taken. */
export interface ArchiveFigures {
  /** From the start of the verb to its end. */
  readonly seconds: number;
  /** Bytes of logs that the cluster's API sent. */
  readonly bytesIn: number;
  /** Bytes of all objects in the store, compressed. */
  readonly bytesStored: number;
  /** The most memory that the verb held at one time (VmHWM), in bytes. */
  readonly peakMemory: number;
}

const TAG = "v1.2.3+1";
/** Of this the verb reads where the cluster is; the rest only has to be there. */
const SPEC: NetworkSpec = {
  tag: TAG,
  cluster: "v1-2-3-1",
  miners: 10,
  bootnodes: 6,
  poets: 1,
  genesisDelay: 10,
  layerDuration: 300,
  layersPerEpoch: 288,
  netId: 1,
  poetPhases: { phaseShift: 61200, cycleGap: 7200 },
  images: { node: "bench/node:1", poet: "bench/poet:1" },
  versions: { explorer: "v1.0.0", dashboard: "v1.0.0", smapp: "v1.0.0" },
  gcp: { project: "bench", location: "us-east1", zone: "us-east1-b" },
  timeout: 3600,
};
const CHECKOUT = join(__dirname, "..");

/**
 * Runs the verb that archives a network, as a child of its own, against a cluster's API in another process, with the
 * store in a temporary folder that is removed afterwards.
 * @param bytes of logs in all, from all pods alike
 * @param pods of the network, each with one log
 * @throws when the verb fails, with what it said, or when a log was not kept whole
 */
export async function measureArchive(bytes: number, pods = 10): Promise<ArchiveFigures> {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-bench-"));
  const each = Math.ceil(bytes / pods);
  const api = spawn(process.execPath, ["--import", "tsx", "bench/log-server.ts", String(pods), String(each)], {
    cwd: CHECKOUT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const [kubeconfig] = (await once(createInterface({ input: api.stdout }), "line")) as [string];
    const start = Date.now();
    const { key, peakMemory } = await collect(folder, kubeconfig);
    const seconds = Math.round((Date.now() - start) / 10) / 100;
    const { objects } = await readManifest(openStore(pathToFileURL(folder).href), key);
    const bytesIn = objects.reduce((sum, { content }) => sum + (content?.bytes ?? 0), 0);
    if (bytesIn !== pods * each) throw new Error(`${bytesIn} bytes of logs were kept, not ${pods * each}`);
    const bytesStored = objects.reduce((sum, object) => sum + object.bytes, 0);
    return { seconds, bytesIn, bytesStored, peakMemory };
  } finally {
    api.kill();
    rmSync(folder, { recursive: true });
  }
}

/** The figures for people. Pure. */
export function renderArchive({ seconds, bytesIn, bytesStored, peakMemory }: ArchiveFigures): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    `archive    ${seconds.toFixed(2)} s   ${(bytesIn / 1e6 / seconds).toFixed(0)} MB a second`,
    `  logs ${megabytes(bytesIn)}, in the store ${megabytes(bytesStored)}, peak memory ${megabytes(peakMemory)}`,
    "",
  ].join("\n");
}

async function collect(folder: string, kubeconfig: string): Promise<{ key: string; peakMemory: number }> {
  const verb = spawn(process.execPath, ["-r", "./infra/preload.cjs", "scripts/archive.ts", "collect", TAG], {
    cwd: CHECKOUT,
    env: {
      ...process.env,
      PATH: `${gcloudIn(folder)}${delimiter}${process.env.PATH}`,
      ARCHIVE: pathToFileURL(folder).href,
      NETWORK_RECORD: JSON.stringify({ tag: TAG, documents: {} }),
      NETWORK_SPEC: JSON.stringify(SPEC),
      KUBECONFIG_TEXT: kubeconfig,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(verb, "close") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const peak = peakMemoryOf(verb);
  const [stdout, stderr] = await Promise.all([textOf(verb.stdout), textOf(verb.stderr)]);
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`the archive verb ended with ${signal ?? code}: ${stderr}`);
  return { key: (JSON.parse(stdout) as { key: string }).key, peakMemory: await peak };
}

/**
 * The most memory that a process has held when it ends, in bytes. The kernel keeps that figure itself, so no peak is
 * missed between two looks, but it is gone with the process.
 */
async function peakMemoryOf(child: ChildProcess): Promise<number> {
  let peak = 0;
  const looking = setInterval(() => {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
    peak = Math.max(peak, Number(kilobytes ?? 0) * 1024);
  }, 20);
  await once(child, "exit");
  clearInterval(looking);
  return peak;
}

/** A gcloud that knows a running cluster of any name. Returns the folder to put on the PATH. */
function gcloudIn(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "gcloud"), `#!/bin/sh\necho '{"status":"RUNNING","createTime":"2026-01-01T00:00:00Z"}'\n`);
  chmodSync(join(bin, "gcloud"), 0o755);
  return bin;
}
