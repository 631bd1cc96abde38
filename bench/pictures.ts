import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseBuildTag } from "../infra/base/model/build-tag";
import { hostsOf, networkEndpoints } from "../infra/base/model/endpoints";
import { CHECKOUT, requireWorld } from "../sandbox/home";
import { sandboxHome } from "../sandbox/kubernetes/cluster-record";
import { browserFile, TestBrowser } from "../test/support/browser";
import { stubResolver } from "./names";

const TAG = "v1.2.3+1";

/** Width of the pictures, in pixels. GitHub shows a README about this wide. */
const WIDTH = 900;

/** Takes the pictures of the README from the network of `npm run demo`. @throws {Error} when it does not run */
export async function takePictures(say: (line: string) => void): Promise<void> {
  if (browserFile() === undefined)
    throw new Error("Chromium is missing. Install it (Debian: apt-get install chromium).");
  const { ports, zone, publicPort: port } = requireWorld(sandboxHome());
  const endpoints = networkEndpoints(parseBuildTag(TAG), 1, { zone, subdomain: "net", tls: false, port });
  const pictures = [
    { name: "info-page", url: endpoints.page, until: "In sync" },
    { name: "explorer", url: endpoints.explorer, until: "confirmed" },
  ];
  const resolve = stubResolver(`127.0.0.1:${ports.dns}`);
  const hosts = await Promise.all(
    hostsOf(endpoints).map(async (host) => [host, (await resolve(host)).address] as const),
  );
  const folder = join(CHECKOUT, "docs/pictures");
  mkdirSync(folder, { recursive: true });
  const browser = await TestBrowser.start(Object.fromEntries(hosts));
  try {
    for (const { name, url, until } of pictures) {
      await browser.look(url, WIDTH, until, join(folder, `${name}.png`), false);
      say(`docs/pictures/${name}.png: ${url}`);
    }
  } finally {
    await browser.close();
  }
}
