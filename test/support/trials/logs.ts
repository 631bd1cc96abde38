import { deepStrictEqual, doesNotThrow, match, ok, strictEqual } from "node:assert";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { range, readBack } from "../../../infra/archive/read-back";
import { archiveNetwork } from "../../../infra/archive/run";
import { rangeOf } from "../../../infra/archive/show";
import { runWith } from "../../../infra/base/lib/run";
import { withTemporaryFolder } from "../../../infra/base/lib/temporary";
import { visible } from "../../../infra/base/lib/visible";
import { FolderStore } from "../../../infra/base/store/folder";
import { lineSink, readLine } from "../../../infra/recap/log-lines";
import { refusesLater } from "../errors";
import { QuickClock } from "../late-kv";
import { TrialLogs } from "../trial-logs";
import { type Trial, trialInput } from "./trial";

const Case = z.object({
  pods: z.array(z.unknown()),
  logs: z.record(z.string(), z.object({ status: z.number(), text: z.string(), cut: z.boolean().optional() })),
});

const into = (take: (chunk: Buffer) => void): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      take(chunk);
      done();
    },
  });

/** T35: a time in the middle of a long line, binary text, and a stream that breaks off. */
export const brokenLogs: Trial = () =>
  withTemporaryFolder(async (folder) => {
    const { pods, logs } = Case.parse(JSON.parse(trialInput("T35", "case.json")));
    const api = new TrialLogs(pods, logs);
    const store = new FolderStore(folder);
    const record = { tag: "v1.2.3+1", documents: {} };
    const kubeconfig = await api.start();
    const archived = () => archiveNetwork({ store, record, kubeconfig }, runWith({ clock: new QuickClock() }));
    try {
      await refusesLater(archived(), "ArchiveIncomplete", { names: ["miner-3-ghi/miner", "broke off"] });
      api.cuts = false;
      const { key, gaps, ...manifest } = await archived();
      strictEqual(gaps, undefined);
      const folderOf = key.slice(0, -"manifest.json".length);
      const bytesOf = async (name: string) => {
        const { whole, from, to } = rangeOf(key, manifest, name);
        const pieces: Buffer[] = [];
        const sink = into((chunk) => void pieces.push(chunk));
        strictEqual(await readBack(store, folderOf, whole, range(from, to, sink)), undefined);
        return Buffer.concat(pieces);
      };
      for (const pod of ["miner-1-abc", "miner-2-def", "miner-3-ghi"])
        deepStrictEqual(await bytesOf(pod), Buffer.from(logs[`${pod}/miner`]?.text ?? ""), pod);
      const painted = visible(String(await bytesOf("miner-2-def")));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
      ok(!/[\x00-\x08\x0b-\x1f\x7f]/.test(painted), painted);
      match(painted, /binary \\x00\\x01\\x1b\[31m red /);
      const lines: string[] = [];
      await pipeline(
        Readable.from([await bytesOf("miner-1-abc")]),
        lineSink([], (line) => void lines.push(readLine(line)?.text ?? "")),
      );
      doesNotThrow(() => JSON.parse(lines[0] ?? ""), "the time in its middle was the kubelet's");
    } finally {
      api.stop();
    }
  });
