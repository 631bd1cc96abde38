import { type NameServers, request } from "../../base/clients/dns";
import type { HttpAnswer } from "../../base/clients/http";
import type { Run } from "../../base/lib/run";
import { waitFor } from "../../base/lib/wait";
import type { BuildTag } from "../../base/model/build-tag";
import { edgeUrls } from "../../base/model/edge";
import { lookAtPage } from "../../base/observe/same-page";

export interface ServedOptions {
  readonly tag: BuildTag;
  /** Where the gateway serves the page. */
  readonly pageUrl: string;
  /** Base URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
  /** SHA-256 of the page, hexadecimal. */
  readonly sha256: string;
  readonly names: NameServers;
  /** Longest wait for each, in seconds. */
  readonly limit: number;
}

/** Waits until the gateway and the edge serve a network's info page as it was written. */
export async function pageServed(
  { tag, pageUrl, discoveryUrl, sha256, names, limit }: ServedOptions,
  run: Run,
  get: (url: string) => Promise<Pick<HttpAnswer, "status" | "body"> & Partial<HttpAnswer>> = (url) =>
    request(url, names),
): Promise<{ readonly urls: readonly string[]; readonly sha256: string }> {
  const { page, writtenPage } = edgeUrls(discoveryUrl, tag);
  const urls = [pageUrl, page];
  await Promise.all(
    urls.map((url) => {
      const look = lookAtPage(url, sha256, run);
      return waitFor(
        // The notice of an earlier failure stays at the edge until this deployment has succeeded.
        async () => look(await get(url === page ? writtenPage : url)),
        { what: `the info page at ${url}`, limit },
        run,
      );
    }),
  );
  run.say(`the info page is served at ${urls.join(" and ")}`);
  return { urls, sha256 };
}
