import { poetInfo } from "../base/clients/poet";
import type { Run } from "../base/lib/run";
import { type Look, waitFor } from "../base/lib/wait";
import type { PoetPhases } from "../base/model/network-spec";
import type { PoetInfo } from "../base/model/sample";

export interface PoetOptions {
  /** `poet-1` */
  readonly name: string;
  /** `HOST:PORT` of its REST API. */
  readonly address: string;
  /** Configured phases, in seconds. */
  readonly phases: PoetPhases;
  /** Longest wait, in seconds. */
  readonly limit: number;
}

/** Waits until a poet reports an open round (versions of 2021), or the configured phases (0.10 and later). */
export async function poetReady(
  { name, address, phases, limit }: PoetOptions,
  run: Run,
  ask: (address: string) => Promise<PoetInfo> = (at) => poetInfo(at),
): Promise<PoetInfo> {
  const look = async () => poetAsConfigured(await ask(address), phases);
  const info = await waitFor<PoetInfo>(look, { what: `${name} at ${address}`, limit }, run);
  run.say(`${name}: ${info.kind === "rounds" ? `open round ${info.openRound}` : "phases as configured"}`);
  return info;
}

/** A poet with an open round, or with the configured phase shift and cycle gap. */
export function poetAsConfigured(info: PoetInfo, { phaseShift, cycleGap }: PoetPhases): Look<PoetInfo> {
  const other = info.kind === "phases" && (info.phaseShift !== phaseShift || info.cycleGap !== cycleGap);
  return other ? { seen: `phase shift ${info.phaseShift} s and cycle gap ${info.cycleGap} s` } : { value: info };
}
