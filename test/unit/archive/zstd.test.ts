import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import * as zlib from "node:zlib";
import { unzstd, zstd } from "../../../infra/archive/zstd";

const packed = async (chunks: readonly Buffer[]): Promise<Buffer> => buffer(Readable.from(chunks).pipe(await zstd()));
const unpacked = async (content: Buffer): Promise<Buffer> =>
  buffer(Readable.from([content], { objectMode: false }).compose(await unzstd()));

/** Lines that do not repeat, longer than one frame. */
const LOG = Buffer.from(
  Array.from({ length: 100_000 }, (_, i) => `${i} ${createHash("sha256").update(`${i}`).digest("hex")}\n`).join(""),
).subarray(0, 5_000_001);

const CONTENTS: readonly (readonly [what: string, chunks: readonly Buffer[]])[] = [
  ["nothing", []],
  ["one byte", [Buffer.from("x")]],
  ["lines in chunks of any size", [LOG.subarray(0, 1), LOG.subarray(1, 70_000), LOG.subarray(70_000)]],
  ["one whole frame", [Buffer.alloc(4 * 1024 * 1024, "0123456789")]],
];

/** Unpacked by another program: Node.js from 22.15 on, or the command `zstd`. */
function byOthers(content: Buffer): Buffer | undefined {
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (content: Buffer) => Buffer };
  if (zstdDecompressSync) return zstdDecompressSync(content);
  try {
    return execFileSync("zstd", ["-dc"], { input: content, maxBuffer: 1e8, stdio: ["pipe", "pipe", "ignore"] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

describe("zstd and unzstd", () => {
  for (const [what, chunks] of CONTENTS) {
    it(`give back ${what}`, async () => {
      deepStrictEqual(await unpacked(await packed(chunks)), Buffer.concat(chunks));
    });

    it(`write Zstandard that other programs read, of ${what}`, async function () {
      const found = byOthers(await packed(chunks));
      if (found === undefined) this.skip();
      strictEqual(found.equals(Buffer.concat(chunks)), true);
    });
  }

  it("refuse content that is cut off", async () => {
    const content = await packed([LOG]);
    await rejects(unpacked(content.subarray(0, content.length - 1)));
  });

  it("refuse content that is not Zstandard", async () => {
    await rejects(unpacked(Buffer.from("2026-01-01T00:00:00Z a line of a log\n")));
  });
});
