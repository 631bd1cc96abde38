import { UserError } from "../lib/errors";
import { goDuration } from "../lib/go-duration";
import type { InsideService } from "../model/inside";
import type { PoetInfo } from "../model/sample";
import { httpCall, jsonObject, parseObject, unexpected } from "./http";
import { type ServiceProxy, serviceBehind } from "./kubernetes/service-proxy";

/** Time limit of the request, in milliseconds. */
const TIMEOUT = 5000;

/**
 * `GET /v1/info` of a poet.
 * @param address `HOST:PORT` of its REST API
 * @param proxy the way into the cluster; needed for an address inside it
 * @throws {UserError} when it does not answer, or the answer is not that of a poet
 */
export async function poetInfo(address: string, proxy?: ServiceProxy): Promise<PoetInfo> {
  const inside = serviceBehind(address, proxy);
  if (inside) return readPoetInfo(await infoInside(address, inside.proxy, inside.service));
  const answer = await httpCall(`http://${address}/v1/info`, { timeout: TIMEOUT });
  jsonObject(`poet ${address}`, answer);
  return readPoetInfo(answer.body);
}

async function infoInside(address: string, proxy: ServiceProxy, service: InsideService): Promise<string> {
  try {
    return await proxy.ask({ ...service, port: "restport", path: "/v1/info", timeout: TIMEOUT });
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error) || error.name === "AbortError") throw error;
    throw new UserError(
      "ServiceSilent",
      `The poet ${address} does not answer by the cluster's API (${error.message}).`,
      "Check that its pod runs, and that you may get services/proxy there.",
    );
  }
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
