import type { Look } from "../base/lib/wait";
import type { PoetInfo } from "../base/model/sample";

/** A poet with an open round, or with phase shift and cycle gap as configured, in seconds. */
export function poetAsConfigured(
  info: PoetInfo,
  { phaseShift, cycleGap }: { readonly phaseShift: number; readonly cycleGap: number },
): Look<PoetInfo> {
  const other = info.kind === "phases" && (info.phaseShift !== phaseShift || info.cycleGap !== cycleGap);
  return other ? { seen: `phase shift ${info.phaseShift} s and cycle gap ${info.cycleGap} s` } : { value: info };
}
