import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseBuildTag } from "../infra/base/model/build-tag";
import { type Endpoints, hostsOf, networkEndpoints } from "../infra/base/model/endpoints";
import { CHECKOUT, driverOf, requireWorld, SandboxError } from "../sandbox/home";
import { sandboxHome } from "../sandbox/kubernetes/cluster-record";
import { browserFile, type Shown, TestBrowser } from "../test/support/browser";
import { stubResolver } from "./names";

const TAG = "v1.2.3+1";

/** Any tap gives the tap its names. */
const TAP = { balance: "1", gift: "1", budget: "1", gate: "none" } as const;

/** Width of the pictures of documents, in pixels. GitHub shows a document about this wide. */
const WIDTH = 900;

/** Widths of a telephone and of a desk, in pixels. */
const WIDTHS = [390, 1280];

interface Picture {
  readonly name: string;
  readonly url: string;
  readonly width: number;
  /** What the page shows when it is ready. */
  readonly until: string;
  readonly shown: Shown;
}

/**
 * Takes pictures of the network of a demo with monitoring: those of the documents, or of whole pages as a telephone and a
 * desk show them.
 * @param folder for the pages; undefined for the documents' own pictures
 * @throws {SandboxError} when there is no browser or no demo
 */
export async function takePictures(folder: string | undefined, say: (line: string) => void): Promise<void> {
  if (browserFile() === undefined)
    throw new SandboxError("Chromium is missing. Install it (Debian: apt-get install chromium).");
  const world = requireWorld(sandboxHome());
  const { ports, zone, publicPort: port } = world;
  const names = { zone, subdomain: "net", tls: false, port, driver: driverOf(world), tap: TAP } as const;
  const endpoints = networkEndpoints(parseBuildTag(TAG), 1, names);
  const resolve = stubResolver(`127.0.0.1:${ports.dns}`);
  const hosts = await Promise.all(
    // Pages have a picture from the edge.
    [...hostsOf(endpoints), `discover.net.${zone}`].map(async (host) => [host, (await resolve(host)).address] as const),
  );
  const target = folder ?? join(CHECKOUT, "docs/pictures");
  mkdirSync(target, { recursive: true });
  const browser = await TestBrowser.start(Object.fromEntries(hosts));
  try {
    for (const { name, url, width, until, shown } of folder === undefined ? ofDocuments(endpoints) : whole(endpoints)) {
      const file = join(target, `${name}.png`);
      await browser.look(url, width, until, file, shown);
      say(`${file}: ${url}`);
    }
  } finally {
    await browser.close();
  }
}

/** Sentences of pages that are ready. */
const CURVES_DRAWN = "Up to date";
const TAP_READY = "once a day";

/** The explorer's picture is of the era of go-spacecraft. That era has no tap and few curves. */
const ofDocuments = ({ page, explorer, tap }: Endpoints): readonly Picture[] => [
  { name: "info-page", url: page, width: WIDTH, until: "In sync", shown: "window" },
  ...(tap === undefined
    ? [{ name: "explorer", url: explorer, width: WIDTH, until: "confirmed", shown: "window" } as const]
    : ([
        { name: "curves", url: page, width: WIDTH, until: CURVES_DRAWN, shown: "#curves" },
        { name: "tap", url: tap, width: WIDTH, until: TAP_READY, shown: "main" },
      ] as const)),
];

const whole = ({ page, tap }: Endpoints): readonly Picture[] =>
  WIDTHS.flatMap((width): Picture[] => [
    { name: `info-page-${width}`, url: page, width, until: CURVES_DRAWN, shown: "page" },
    ...(tap === undefined ? [] : [{ name: `tap-${width}`, url: tap, width, until: TAP_READY, shown: "page" } as const]),
  ]);
