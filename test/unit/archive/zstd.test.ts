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

/** Lines that do not repeat, of more than two frames. */
const LOG = Buffer.from(
  Array.from({ length: 100_000 }, (_, i) => `${i} ${createHash("sha256").update(`${i}`).digest("hex")}\n`).join(""),
).subarray(0, 5_000_001);

const CONTENTS: readonly (readonly [what: string, chunks: readonly Buffer[]])[] = [
  ["nothing", []],
  ["one byte", [Buffer.from("x")]],
  ["lines in chunks of any size", [LOG.subarray(0, 1), LOG.subarray(1, 70_000), LOG.subarray(70_000)]],
  ["one whole frame", [Buffer.alloc(4 * 1024 * 1024, "0123456789")]],
];

/** Zstandard of others: Node's own, which is there from 22.15 on, or the command. */
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

describe("compressed logs", () => {
  for (const [what, chunks] of CONTENTS) {
    it(`give back ${what}`, async () => {
      deepStrictEqual(await unpacked(await packed(chunks)), Buffer.concat(chunks));
    });

    it(`are Zstandard as others read it, of ${what}`, async function () {
      const found = byOthers(await packed(chunks));
      if (found === undefined) this.skip();
      strictEqual(found.equals(Buffer.concat(chunks)), true);
    });
  }

  it("are not taken for whole when they are cut off", async () => {
    const content = await packed([LOG]);
    await rejects(unpacked(content.subarray(0, content.length - 1)));
  });

  it("are not taken for Zstandard when they are none", async () => {
    await rejects(unpacked(Buffer.from("2026-01-01T00:00:00Z a line of a log\n")));
  });
});
