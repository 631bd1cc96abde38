import { type NameServers, request } from "../base/clients/dns";
import type { HttpAnswer } from "../base/clients/http";
import type { Run } from "../base/lib/run";
import { waitFor } from "../base/lib/wait";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import { edgeUrls } from "../base/model/edge";
import { entryInList } from "../base/observe/as-written";

/** Fetches a public URL. */
export type Get = (url: string) => Promise<Pick<HttpAnswer, "status" | "body">>;

export interface ListedOptions {
  readonly tag: BuildTag;
  /** The network's entry, as it was written. */
  readonly entry: unknown;
  /** Base URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
  readonly names: NameServers;
  /** Longest wait, in seconds. */
  readonly limit: number;
}

/** Waits until the public network list shows an entry as it was written. KV takes up to a minute to spread a change. */
export async function networkListed(
  { tag, entry, discoveryUrl, names, limit }: ListedOptions,
  run: Run,
  get: Get = (url) => request(url, names),
): Promise<{ readonly url: string; readonly position: number }> {
  const { list: url } = edgeUrls(discoveryUrl, tag);
  const look = async () => entryInList(await get(url), url, entry);
  const position = await waitFor<number>(look, { what: `${buildTag(tag)} in ${url}`, limit }, run);
  run.say(`${url} lists ${buildTag(tag)} at position ${position}`);
  return { url, position };
}
