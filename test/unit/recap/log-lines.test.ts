import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { lineSink, readLine } from "../../../infra/recap/log-lines";

const AT = "2026-11-20T10:00:00.000000001Z";
const read = (line: string) => readLine(Buffer.from(line));

/** The lines that a sink tells of a content that comes in pieces. */
async function linesOf(content: Buffer, ends: readonly number[], size: number): Promise<string[]> {
  const lines: string[] = [];
  const sink = lineSink(ends, (line) => lines.push(line.toString()));
  for (let from = 0; from < content.length; from += size) sink.write(content.subarray(from, from + size));
  await new Promise<void>((resolve) => sink.end(resolve));
  return lines;
}

describe("a line of a log", () => {
  it("has the time that the kubelet wrote before it", () =>
    deepStrictEqual(read(`${AT} {"M":"one"}`), { at: AT, text: '{"M":"one"}' }));

  it("without a time is no line", () => strictEqual(read("no time"), undefined));

  it("is whole again where the runtime had cut it, so that its JSON parses", () => {
    const message = "x".repeat(40_000);
    const text = JSON.stringify({ L: "INFO", M: message, T: "2026-11-20T10:00:00Z " });
    const pieces = [text.slice(0, 16_384), text.slice(16_384, 32_768), text.slice(32_768)];
    const { text: whole } = read(pieces.map((piece) => `${AT} ${piece}`).join("")) ?? { text: "" };
    strictEqual(JSON.parse(whole).M, message);
  });

  it("keeps a time of its own, and a character that the runtime had cut in two", () => {
    strictEqual(read(`${AT} began 2026-11-20T10:00:00Z here`)?.text, "began 2026-11-20T10:00:00Z here");
    const bytes = Buffer.from(`${"x".repeat(16_383)}é`);
    const cut = [Buffer.from(`${AT} `), bytes.subarray(0, 16_384), Buffer.from(`${AT} `), bytes.subarray(16_384)];
    ok(readLine(Buffer.concat(cut))?.text.endsWith("xé"));
  });
});

describe("the lines of a pod's log", () => {
  it("end with the log of each container, also without a line break", async () => {
    const content = Buffer.from("a\nb\nc");
    deepStrictEqual(await linesOf(content, [1, 4], 2), ["a", "b", "c"]);
    deepStrictEqual(await linesOf(Buffer.from("abcd"), [2, 4], 3), ["ab", "cd"]);
  });

  it("lose what comes after 64 KiB, and no line after it", async () => {
    const lines = await linesOf(Buffer.from(`${"x".repeat(200_000)}\nnext\n`), [], 7_000);
    deepStrictEqual(
      lines.map(({ length }) => length),
      [65_536, 4],
    );
  });

  it("are the same however the bytes come", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1 }).map((s) => s.replace(/[\r\n]/g, "x"))),
        fc.nat(20),
        async (lines, size) => {
          const content = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          deepStrictEqual(
            await linesOf(content, [content.length], size + 1),
            lines.map((line) => Buffer.from(line).toString()),
          );
        },
      ),
    ));
});
