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
import { newKey } from "./record-key";

/** Figures of archiving a network. */
export interface ArchiveFigures {
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** Bytes of logs that the cluster's API sent. */
  readonly bytesIn: number;
  /** Bytes of all objects in the store, compressed. */
  readonly bytesStored: number;
  /** Peak memory of the command (VmHWM), in bytes. */
  readonly peakMemory: number;
}

const TAG = "v1.2.3+1";
/** The command only reads the cluster's location from it; the other values are required by its schema. */
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
const KEYED = newKey();
const CHECKOUT = join(__dirname, "..");

/**
 * Runs the command that archives a network, as a child process, against a cluster's API in another process. The store
 * is a
 * temporary folder that is removed afterwards.
 * @param bytes total bytes of logs, the same for each pod
 * @param pods number of the network's pods, each with one log
 * @throws when the command fails, with its output, or when a log is incomplete
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
    const { objects } = await readManifest(openStore(pathToFileURL(folder).href, KEYED), key);
    const bytesIn = objects.reduce((sum, { content }) => sum + (content?.bytes ?? 0), 0);
    if (bytesIn !== pods * each) throw new Error(`${bytesIn} bytes of logs were kept, not ${pods * each}`);
    const bytesStored = objects.reduce((sum, object) => sum + object.bytes, 0);
    return { seconds, bytesIn, bytesStored, peakMemory };
  } finally {
    api.kill();
    rmSync(folder, { recursive: true });
  }
}

/** Renders the figures for people. */
export function renderArchive({ seconds, bytesIn, bytesStored, peakMemory }: ArchiveFigures): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    `archive    ${seconds.toFixed(2)} s   ${(bytesIn / 1e6 / seconds).toFixed(0)} MB a second`,
    `  logs ${megabytes(bytesIn)}, in the store ${megabytes(bytesStored)}, peak memory ${megabytes(peakMemory)}`,
    "",
  ].join("\n");
}

async function collect(folder: string, kubeconfig: string): Promise<{ key: string; peakMemory: number }> {
  const step = spawn(process.execPath, ["scripts/smeshnet.cjs", "step", "archive", "collect", TAG], {
    cwd: CHECKOUT,
    env: {
      ...process.env,
      PATH: `${gcloudIn(folder)}${delimiter}${process.env.PATH}`,
      SMESHNET_RECORD_KEY: KEYED.recordKey,
      ARCHIVE: pathToFileURL(folder).href,
      NETWORK_RECORD: JSON.stringify({ tag: TAG, documents: {} }),
      NETWORK_SPEC: JSON.stringify(SPEC),
      KUBECONFIG_TEXT: kubeconfig,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(step, "close") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const peak = peakMemoryOf(step);
  const [stdout, stderr] = await Promise.all([textOf(step.stdout), textOf(step.stderr)]);
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`the archive step ended with ${signal ?? code}: ${stderr}`);
  return { key: (JSON.parse(stdout) as { key: string }).key, peakMemory: await peak };
}

/**
 * Peak memory of a process, in bytes. The kernel keeps the figure, so no peak between two checks is missed, but the
 * figure is
 * gone when the process is.
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

/** Makes a gcloud that reports every cluster as running. Returns the folder for the PATH. */
function gcloudIn(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "gcloud"), `#!/bin/sh\necho '{"status":"RUNNING","createTime":"2026-01-01T00:00:00Z"}'\n`);
  chmodSync(join(bin, "gcloud"), 0o755);
  return bin;
}
