import { UserError } from "../lib/errors";
import { goDuration } from "../lib/go-duration";
import type { PoetInfo } from "../model/sample";
import { beginning, httpCall, jsonObject, parseObject } from "./http";

/** Longest time of the request, in milliseconds. */
const TIMEOUT = 5000;

/**
 * `GET /v1/info` of a poet.
 * @param address `HOST:PORT` of its REST API
 * @param timeout longest time of the request, in milliseconds
 * @throws {UserError} when it does not answer, or not with what a poet says
 */
export async function poetInfo(address: string, timeout = TIMEOUT): Promise<PoetInfo> {
  const answer = await httpCall(`http://${address}/v1/info`, { timeout });
  jsonObject(`poet ${address}`, answer);
  return readPoetInfo(answer.body);
}

/** Reads either shape. Pure. @throws {UserError} when it is neither, as in the moment before the first round opens. */
export function readPoetInfo(body: string): PoetInfo {
  const info = parseObject("the poet", body);
  if (typeof info.phaseShift === "string" && typeof info.cycleGap === "string") {
    return { kind: "phases", phaseShift: goDuration(info.phaseShift), cycleGap: goDuration(info.cycleGap) };
  }
  if (typeof info.openRoundId === "string" && info.openRoundId !== "") {
    const executing = Array.isArray(info.executingRoundsIds) ? info.executingRoundsIds.map(String) : [];
    return { kind: "rounds", openRound: info.openRoundId, executing };
  }
  throw new UserError(`the poet tells neither an open round nor its phases: ${beginning(body)}`);
}
