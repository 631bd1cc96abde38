import { type HttpAnswer, jsonObject, numberIn, parseArray, unexpected } from "../clients/http";
import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import type { Endpoints } from "../model/endpoints";

/** A GET at an address of this host. */
type Get = (url: string, address: string) => Promise<HttpAnswer>;

/**
 * The number of layers in the database that the statistics API of a network of today reads (spacemeshos/explorer-backend
 * v2.1, GET /overview). It tells no layer's number, and of which network it is.
 * @throws {UserError} when it is anything else
 */
export async function statisticsAt(
  { explorerApi }: Pick<Endpoints, "explorerApi">,
  address: string,
  get: Get,
): Promise<number> {
  const answer = await get(`${explorerApi}overview`, address);
  const layers = numberIn(jsonObject("the statistics API", answer).layers_count);
  if (layers !== undefined) return layers;
  throw unexpected("a number of layers", "the statistics API", answer.body);
}

/**
 * The network of which a frontend of today is told: that of the first entry of the list at its own host.
 * @param url of the explorer or of the dashboard, ending in a slash
 * @throws {UserError} when the frontend or the list is not served
 */
export async function shownAt(url: string, address: string, get: Get): Promise<string> {
  const [{ status }, list] = await Promise.all([get(url, address), get(`${url}networks.json`, address)]);
  for (const [what, code] of [
    [url, status],
    [`${url}networks.json`, list.status],
  ] as const)
    if (code !== 200)
      throw new UserError("ServiceSilent", `${what} answers ${code}.`, "Check the frontend's pod and the gateway.");
  const [first] = parseArray("the gateway", list.body);
  if (isObject(first) && typeof first.netName === "string") return first.netName;
  throw unexpected("a list of networks", "the gateway", list.body);
}
