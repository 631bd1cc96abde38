import { deepStrictEqual, strictEqual } from "node:assert";
import { LogText } from "../../../infra/archive/lines";

const A = "2026-11-20T10:00:00.000000001Z first\n";
const B = "2026-11-20T12:00:00.5+02:00 second \u0000\u001b[31m\n";
/** Texts that the kubelet sends with status 200 instead of a log, or after a part of it. */
const TEXTS = [
  'failed to try resolving symlinks in path "/var/log/pods/default_a_1/miner/0.log": lstat /var/log/pods: no such file or directory',
  "unable to retrieve container logs for containerd://b91ca08d41b0a50d506ad4eac0f56e23952f67bf37cdd649e75c793736db0b46",
  'rpc error: code = NotFound desc = an error occurred when try to find container "a168": not found',
  'failed to open log file "/var/log/pods/a/0.log": open /var/log/pods/a/0.log: no such file or directory',
];

/** The log in an answer that comes in pieces of a size. */
function read(answer: string, size: number) {
  const [text, bytes] = [new LogText(), Buffer.from(answer)];
  const log: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) log.push(...text.take(bytes.subarray(at, at + size)));
  log.push(...text.end());
  return { log: String(Buffer.concat(log)), text };
}

describe("LogText", () => {
  for (const size of [1, 7, 36, 1000]) {
    it(`keeps every byte of a log that comes in pieces of ${size} bytes`, () => {
      const { log, text } = read(A + B, size);
      strictEqual(log, A + B);
      deepStrictEqual([text.first, text.last], ["2026-11-20T10:00:00.000000001Z", "2026-11-20T12:00:00.5+02:00"]);
      deepStrictEqual([text.lines, text.bytes, text.foreign], [2, Buffer.byteLength(A + B), undefined]);
    });

    for (const words of TEXTS)
      it(`tells "${words.slice(0, 24)}..." from a log, in pieces of ${size} bytes`, () => {
        for (const end of ["", "\n"]) {
          deepStrictEqual([read(words + end, size).log, read(words + end, size).text.foreign], ["", words]);
          const { log, text } = read(A + words + end, size);
          deepStrictEqual([log, text.foreign, text.last], [A, words, "2026-11-20T10:00:00.000000001Z"]);
        }
      });
  }

  it("keeps such words when a container wrote them", () => {
    for (const words of TEXTS) {
      const { log, text } = read(`2026-11-20T10:00:00Z ${words}\n`, 50);
      deepStrictEqual([log, text.foreign], [`2026-11-20T10:00:00Z ${words}\n`, undefined]);
    }
  });

  it("keeps a last line without an end, and one that was cut within its time", () => {
    for (const end of ["2026-11-20T10:00:02Z no end", "2026-11-20T10:0"]) {
      const { log, text } = read(A + end, 10);
      deepStrictEqual([log, text.foreign], [A + end, undefined]);
    }
  });

  it("keeps text without a time that more of the log follows, and long text", () => {
    for (const size of [1, 50, 100_000])
      for (const answer of [
        `${A}no time\n\n${B}`,
        `no time\n${B}`,
        `no time\n${A}${B.trimEnd()}`,
        "x".repeat(20_000),
      ]) {
        const { log, text } = read(answer, size);
        deepStrictEqual([log, text.bytes], [answer, Buffer.byteLength(answer)]);
        strictEqual(text.foreign, undefined);
      }
  });
});
