import { goDuration } from "../lib/go-duration";
import type { PoetInfo } from "../model/sample";
import { httpCall, jsonObject, parseObject, unexpected } from "./http";

/** Time limit of the request, in milliseconds. */
const TIMEOUT = 5000;

/**
 * `GET /v1/info` of a poet.
 * @param address `HOST:PORT` of its REST API
 * @param timeout time limit of the request, in milliseconds
 * @throws {UserError} when it does not answer, or the answer is not that of a poet
 */
export async function poetInfo(address: string, timeout = TIMEOUT): Promise<PoetInfo> {
  const answer = await httpCall(`http://${address}/v1/info`, { timeout });
  jsonObject(`poet ${address}`, answer);
  return readPoetInfo(answer.body);
}

/** Reads either form of an answer. @throws {UserError} when it has neither, e.g. before the first round opens */
export function readPoetInfo(body: string): PoetInfo {
  const info = parseObject("the poet", body);
  if (typeof info.phaseShift === "string" && typeof info.cycleGap === "string") {
    return { kind: "phases", phaseShift: goDuration(info.phaseShift), cycleGap: goDuration(info.cycleGap) };
  }
  if (typeof info.openRoundId === "string" && info.openRoundId !== "") {
    const executing = Array.isArray(info.executingRoundsIds) ? info.executingRoundsIds.map(String) : [];
    return { kind: "rounds", openRound: info.openRoundId, executing };
  }
  throw unexpected("an open round or phases", "the poet", body);
}
