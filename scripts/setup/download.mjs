import { createHash } from "node:crypto";
import { chmodSync, createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { publishedChecksum } from "./checksums.mjs";
import { run } from "./processes.mjs";
import { SetupError } from "./setup-error.mjs";

/** How long no byte may come before a download is given up, in ms. */
const STALL = 30_000;

/**
 * A file that its publisher offers.
 * @typedef {object} Download
 * @property {string} url of a gzipped tar archive or of the executable itself
 * @property {string} sums where the publisher states its checksum, see publishedChecksum
 * @property {Readonly<Record<string, string>>} [members] executables to take from the archive: path in it by file name;
 *   without it the file is the executable
 */

/** A download that did not come about; the tool may still be built. */
export class DownloadFailed extends SetupError {}

/**
 * Whether downloads have a chance from here.
 * @param {string} url
 * @param {number} limit in ms
 * @param {AbortSignal} signal
 */
export async function reachable(url, limit, signal) {
  try {
    const answer = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(limit)]),
    });
    return answer.status < 400;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/**
 * Downloads a file, verifies it against the publisher's checksum and puts its executables into a folder.
 * @param {Download} download
 * @param {string} folder where they go
 * @param {string} name of the executable, when the file is one
 * @param {{ signal: AbortSignal, onBytes: (got: number, all: number | undefined) => void }} options
 * @throws {DownloadFailed} when it cannot be had or is not what the publisher states
 */
export async function fetchExecutables({ url, sums, members }, folder, name, { signal, onBytes }) {
  const file = basename(new URL(url).pathname);
  const checksum = publishedChecksum(await textOf(sums, signal), file);
  if (!checksum) throw new DownloadFailed(`${sums} states no SHA-256 or SHA-512 checksum of ${file}`);
  const fetched = join(folder, `.${file}`);
  const digest = await fetchFile(url, fetched, checksum.algorithm, { signal, onBytes });
  if (digest !== checksum.hex) {
    throw new DownloadFailed(`${url} has ${checksum.algorithm} ${digest}, its publisher states ${checksum.hex}`);
  }
  if (members) await unpack(fetched, folder, members, signal);
  else renameSync(fetched, join(folder, name));
  for (const executable of members ? Object.keys(members) : [name]) chmodSync(join(folder, executable), 0o755);
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function textOf(url, signal) {
  const answer = await request(url, AbortSignal.any([signal, AbortSignal.timeout(STALL)]), signal);
  return answer.text();
}

/**
 * @param {string} url
 * @param {string} file
 * @param {string} algorithm
 * @param {{ signal: AbortSignal, onBytes: (got: number, all: number | undefined) => void }} options
 * @returns {Promise<string>} the digest in hex
 */
async function fetchFile(url, file, algorithm, { signal, onBytes }) {
  const stalled = new AbortController();
  const guard = setTimeout(() => stalled.abort(new Error(`nothing came for ${STALL / 1000} s`)), STALL);
  const hash = createHash(algorithm);
  let got = 0;
  try {
    const either = AbortSignal.any([signal, stalled.signal]);
    const answer = await request(url, either, signal);
    const all = Number(answer.headers.get("content-length")) || undefined;
    const counted = new Transform({
      transform(chunk, _encoding, done) {
        guard.refresh();
        hash.update(chunk);
        got += chunk.length;
        onBytes(got, all);
        done(null, chunk);
      },
    });
    const body = Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (answer.body));
    await pipeline(body, counted, createWriteStream(file), { signal: either });
  } catch (error) {
    throw failure(url, stalled.signal.aborted ? stalled.signal.reason : error, signal);
  } finally {
    clearTimeout(guard);
  }
  return hash.digest("hex");
}

/**
 * @param {string} url
 * @param {AbortSignal} limit
 * @param {AbortSignal} signal of the user
 */
async function request(url, limit, signal) {
  const answer = await fetch(url, { signal: limit }).catch((error) => {
    throw failure(url, error, signal);
  });
  if (!answer.ok || !answer.body) throw new DownloadFailed(`${url} answered ${answer.status} ${answer.statusText}`);
  return answer;
}

/**
 * @param {string} url
 * @param {unknown} error
 * @param {AbortSignal} signal
 */
function failure(url, error, signal) {
  if (signal.aborted || error instanceof DownloadFailed) return error;
  const { message, cause } = /** @type {Error} */ (error);
  return new DownloadFailed(`${url}: ${cause instanceof Error ? cause.message : message}`);
}

/**
 * @param {string} archive removed afterwards
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} members
 * @param {AbortSignal} signal
 */
async function unpack(archive, folder, members, signal) {
  const whole = join(folder, ".archive");
  mkdirSync(whole);
  await run("tar", ["-xzf", archive, "-C", whole, ...Object.values(members)], { signal });
  for (const [name, member] of Object.entries(members)) renameSync(join(whole, member), join(folder, name));
  rmSync(whole, { recursive: true });
  rmSync(archive);
}
