import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where Debian and others put it; playwright's own download is not used. */
const EXECUTABLES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's Chromium; undefined when it has none. */
export const browserFile = (): string | undefined => EXECUTABLES.find((file) => existsSync(file));

/** What a reader sees of a page. */
export interface Seen {
  readonly title: string;
  readonly text: string;
  /** How far the page is wider than its window, in pixels. */
  readonly overflow: number;
}

/** What a picture shows: the whole page, what its window shows, or one element by a CSS selector. */
export type Shown = "page" | "window" | "main" | `#${string}`;

/** Headless Chromium that finds some hosts at addresses of this machine and looks up no others. */
export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly trustsAll: boolean,
  ) {}

  /** @param trustsAll whether it takes every certificate: it knows none of a sandbox's authority */
  static async start(hosts: Readonly<Record<string, string>>, trustsAll = false): Promise<TestBrowser> {
    const rules = Object.entries(hosts).map(([host, address]) => `MAP ${host} ${address}`);
    const args = [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-sync",
    ];
    args.push(`--host-resolver-rules=${[...rules, "MAP * ~NOTFOUND"].join(",")}`);
    return new TestBrowser(await chromium.launch({ executablePath: browserFile(), args }), trustsAll);
  }

  /**
   * Opens a page in a window of some width and waits until it shows a text.
   * @param picture file that gets a picture of the page, PNG
   */
  async look(url: string, width: number, until: string, picture?: string, shown: Shown = "page"): Promise<Seen> {
    const page = await this.browser.newPage({
      viewport: { width, height: 900 },
      ignoreHTTPSErrors: this.trustsAll,
    });
    try {
      await page.goto(url);
      await page.getByText(until).first().waitFor();
      if (picture && (shown === "page" || shown === "window"))
        await page.screenshot({ path: picture, fullPage: shown === "page" });
      else if (picture) await page.locator(shown).screenshot({ path: picture });
      return await seen(page);
    } finally {
      await page.close();
    }
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

async function seen(page: Page): Promise<Seen> {
  // As text, since this project is compiled without the types of a browser.
  const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  // biome-ignore lint/performance/useDomNodeTextContent: what a reader sees, without scripts and what is hidden
  const text = await page.innerText("body");
  return { title: await page.title(), text, overflow: Number(overflow) };
}
