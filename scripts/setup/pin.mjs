import { catalogue } from "./catalogue.mjs";
import { publishedSum } from "./download.mjs";
import { readPins, writePins } from "./pins.mjs";

/** Values of process.arch that publishers have releases for. */
const ARCHITECTURES = ["x64", "arm64"];

/**
 * Asks the publishers for the checksums of all downloads in the catalogue and pins them. URLs that the catalogue no
 * longer has are dropped.
 *
 * @param {(line: string) => void} say
 * @throws {Error} when a publisher does not answer, or when a pinned file has another checksum now
 */
export async function pin(say) {
  const before = readPins();
  const pins = /** @type {Record<string, string>} */ ({});
  for (const { download } of ARCHITECTURES.flatMap((arch) => catalogue(arch))) {
    if (download === undefined || download.url in pins) continue;
    const sum = await publishedSum(download).catch((error) => {
      throw new Error(`${download.checksums}: ${error.message}. Nothing was pinned; connect to the internet.`);
    });
    const pinned = before[download.url];
    if (pinned !== undefined && pinned !== sum)
      throw new Error(`${download.url} has checksum ${sum}, pinned ${pinned}.`);
    pins[download.url] = sum;
    say(`${download.url}: ${pinned === undefined ? "pinned" : "unchanged"}`);
  }
  writePins(pins);
}
