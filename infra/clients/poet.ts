import { UserError } from "../user-error";
import { requestAt } from "./public-name";

/** What a poet says of itself: rounds in the era's versions, phases from 0.10 on (spacemeshos/poet, rpc/api). */
export type PoetInfo =
  | { readonly kind: "rounds"; readonly openRound: string; readonly executing: readonly string[] }
  /** In seconds. */
  | { readonly kind: "phases"; readonly phaseShift: number; readonly cycleGap: number };

/**
 * `GET /v1/info` of a poet.
 * @param address `HOST:PORT` of its REST API
 * @throws {UserError} when it does not answer, or not with what a poet says
 */
export async function poetInfo(address: string): Promise<PoetInfo> {
  const { status, body } = await requestAt(`http://${address}/v1/info`, address.split(":")[0] as string);
  if (status !== 200) throw new UserError(`poet ${address} answers ${status}: ${body.slice(0, 200)}`);
  return readPoetInfo(body);
}

/** Reads either shape. Pure. @throws {UserError} when it is neither. */
export function readPoetInfo(body: string): PoetInfo {
  const info = parsed(body);
  if (typeof info.phaseShift === "string" && typeof info.cycleGap === "string") {
    return { kind: "phases", phaseShift: goDuration(info.phaseShift), cycleGap: goDuration(info.cycleGap) };
  }
  if (typeof info.openRoundId === "string" && info.openRoundId !== "") {
    const executing = Array.isArray(info.executingRoundsIds) ? info.executingRoundsIds.map(String) : [];
    return { kind: "rounds", openRound: info.openRoundId, executing };
  }
  throw new UserError(`the poet tells neither an open round nor its phases: ${body.slice(0, 200)}`);
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration such as `1h30m0s` (Go's time.ParseDuration). @throws {UserError} for anything else. */
export function goDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|µs|us|ns|m|s)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join("") !== text) {
    throw new UserError(`"${text}" is not a Go duration such as 1h30m0s`);
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit as string] as number), 0);
}

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new UserError(`the poet does not answer with JSON: ${body.slice(0, 200)}`);
  }
}
