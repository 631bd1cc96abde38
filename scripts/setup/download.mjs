import { createHash } from "node:crypto";
import { chmodSync, createReadStream, createWriteStream, existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "./children.mjs";
import { readPins } from "./pins.mjs";

/** @import { Download } from "./catalogue.mjs" */

const PROBE_LIMIT = 3000;
/** Milliseconds that a server may pause in the middle of a file. */
const SILENCE_LIMIT = 30_000;

/**
 * Whether official downloads are reachable. One request with a short time limit decides for the whole run.
 *
 * @param {string} url
 */
export async function isReachable(url) {
  try {
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_LIMIT) })).ok;
  } catch {
    return false; // no route, no name or a refusing proxy: the reason makes no difference
  }
}

/** A file that is not the one that its checksum was made for. */
export class ChecksumMismatch extends Error {}

/**
 * Fetches a release, verifies it against its pinned checksum, else its publisher's, and unpacks it.
 *
 * @param {Download} download
 * @param {string} folder folder for the files
 * @param {Readonly<Record<string, string>>} [pins] pinned checksums by URL
 * @throws {ChecksumMismatch} when the file is another one than pinned or published
 * @throws {Error} when the download fails
 */
export async function downloadTool(download, folder, pins = readPins()) {
  const name = basename(download.url);
  const expected = pins[download.url] ?? (await publishedSum(download));
  const file = join(folder, name);
  await save(download.url, file);
  const sum = await sumOf(file, expected.length === 64 ? "sha256" : "sha512");
  if (sum !== expected) throw new ChecksumMismatch(`${download.url} has checksum ${sum}, expected ${expected}.`);
  if (name.endsWith(".tar.gz")) await unpack(file, folder, download.files);
  for (const executable of download.files) {
    if (!existsSync(join(folder, executable))) throw new Error(`${download.url} does not contain ${executable}.`);
    chmodSync(join(folder, executable), 0o755);
  }
}

/**
 * The checksum that the publisher gives for a release.
 *
 * @param {Download} download
 * @returns {Promise<string>} SHA-256 or SHA-512 in lower-case hexadecimal
 * @throws {Error} when the publisher gives none
 */
export async function publishedSum({ url, checksums }) {
  const sum = expectedSum(await (await get(checksums)).text(), basename(url));
  if (sum === undefined) throw new Error(`${checksums} has no checksum for ${basename(url)}.`);
  return sum;
}

/**
 * The checksum of a file in its publisher's text: lines of "SUM  NAME" as sha256sum writes them, the sum alone, or
 * GitHub's description of a release with a digest for each file (docs.github.com, "Get a release by tag name").
 *
 * @param {string} list
 * @param {string} name
 * @returns {string | undefined} SHA-256 or SHA-512 in lower-case hexadecimal
 */
export function expectedSum(list, name) {
  if (list.trimStart().startsWith("{")) return releaseDigest(list, name);
  const lines = list.split("\n").map((line) => line.trim().split(/\s+/));
  const alone = lines.length <= 2 && lines[0]?.length === 1 ? lines[0] : undefined;
  const line = alone ?? lines.find(([, file]) => file !== undefined && basename(file.replace(/^\*/, "")) === name);
  const sum = line?.[0]?.toLowerCase() ?? "";
  return /^([0-9a-f]{64}|[0-9a-f]{128})$/.test(sum) ? sum : undefined;
}

/**
 * @param {string} release
 * @param {string} name
 */
function releaseDigest(release, name) {
  /** @type {{ assets?: { name: string, digest?: string | null }[] }} */
  const { assets } = JSON.parse(release);
  const digest = assets?.find((asset) => asset.name === name)?.digest; // null for files uploaded before June 2025
  return /^sha(?:256|512):([0-9a-f]+)$/.exec(digest ?? "")?.[1];
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 */
async function get(url, signal = AbortSignal.timeout(SILENCE_LIMIT)) {
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}.`);
  return response;
}

/**
 * @param {string} url
 * @param {string} file
 */
async function save(url, file) {
  const controller = new AbortController();
  const silence = setTimeout(
    () => controller.abort(new Error(`${url} sent no data for ${SILENCE_LIMIT / 1000} s.`)),
    SILENCE_LIMIT,
  );
  try {
    const { body } = await get(url, controller.signal);
    const chunks = /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (body));
    await pipeline(
      chunks,
      async function* (/** @type {AsyncIterable<Uint8Array>} */ source) {
        for await (const chunk of source) {
          silence.refresh();
          yield chunk;
        }
      },
      createWriteStream(file),
    );
  } finally {
    clearTimeout(silence);
  }
}

/**
 * @param {string} file
 * @param {"sha256" | "sha512"} algorithm
 */
async function sumOf(file, algorithm) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * Extracts files from an archive, whatever their folder in it, and removes the archive.
 *
 * @param {string} archive
 * @param {string} folder
 * @param {readonly string[]} files
 */
async function unpack(archive, folder, files) {
  const members = (await run("tar", ["-tzf", archive], {}))
    .split("\n")
    .filter((name) => !name.endsWith("/") && files.includes(basename(name)));
  const depth = Math.max(...members.map((name) => name.split("/").length)) - 1;
  if (members.length > 0) {
    await run("tar", ["-xzf", archive, "-C", folder, `--strip-components=${depth}`, ...members], {});
  }
  rmSync(archive);
}
