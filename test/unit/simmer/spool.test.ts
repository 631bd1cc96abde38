import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../../infra/base/lib/temporary";
import type { NetworkSample } from "../../../infra/base/model/sample";
import { WatcherFolder } from "../../../infra/simmer/disk";
import { Spool } from "../../../infra/simmer/spool";

const NAME = "1_2_3_1-aa";
const SAMPLE: NetworkSample = {
  at: "2026-01-01T00:00:00.000Z",
  nodes: [{ node: "miner-1", at: "2026-01-01T00:00:00.000Z", reachable: false, error: "no answer" }],
  gateway: { reachable: true },
  explorer: { reachable: true },
  dashboard: { reachable: false, error: "no answer" },
};

/** A spool on a real disk, opened again and again. */
const onDisk = (
  use: (disk: { open: () => Promise<{ spool: Spool; lost: number }>; file: string; folder: string }) => Promise<void>,
) =>
  withTemporaryFolder(async (folder) => {
    const own = await WatcherFolder.open(folder);
    const open = async () => {
      let lost = 0;
      const spool = await Spool.open(own.medium(NAME), (lines) => {
        lost += lines;
      });
      return { spool, lost };
    };
    await use({ open, file: join(folder, `${NAME}.jsonl`), folder });
    await own.close();
  });

const serials = ({ samples }: Spool): number[] => samples.map(({ serial }) => serial);

describe("Spool", () => {
  it("keeps samples through a restart, in order", () =>
    onDisk(async ({ open }) => {
      const { spool } = await open();
      for (let i = 0; i < 3; i++) await spool.keep(SAMPLE, 30, 0);
      await spool.release(1);
      const again = await open();
      deepStrictEqual([serials(again.spool), again.lost], [[2, 3], 0]);
      deepStrictEqual(again.spool.samples[0], { serial: 2, every: 30, sample: SAMPLE });
    }));

  it("gives no number twice, also after a restart while nobody can ask the log", () =>
    onDisk(async ({ open }) => {
      const { spool } = await open();
      await spool.keep(SAMPLE, 30, 41);
      deepStrictEqual(serials(spool), [42]);
      await spool.release(42);
      for (let restart = 1; restart <= 3; restart++) {
        const again = await open();
        deepStrictEqual([serials(again.spool), again.lost], [[], 0]);
        await again.spool.keep(SAMPLE, 30, 0);
        deepStrictEqual(serials(again.spool), [42 + restart]);
        await again.spool.release(42 + restart);
      }
    }));

  it("continues after the log when the log knows more, as after a restored disk", () =>
    onDisk(async ({ open }) => {
      const { spool } = await open();
      await spool.keep(SAMPLE, 30, 0);
      await spool.keep(SAMPLE, 30, 99);
      deepStrictEqual(serials(spool), [1, 100]);
    }));

  it("cuts a torn last line off, says so once, and loses nothing else", () =>
    onDisk(async ({ open, file }) => {
      const { spool } = await open();
      for (let i = 0; i < 3; i++) await spool.keep(SAMPLE, 30, 0);
      const text = await readFile(file, "utf8");
      await writeFile(file, text.slice(0, -40));
      const torn = await open();
      deepStrictEqual([serials(torn.spool), torn.lost], [[1, 2], 1]);
      await torn.spool.keep(SAMPLE, 30, 0);
      const again = await open();
      deepStrictEqual([serials(again.spool), again.lost], [[1, 2, 3], 0]);
    }));

  it("survives a kill at every byte of a line", () =>
    onDisk(async ({ open, file }) => {
      const { spool } = await open();
      await spool.keep(SAMPLE, 30, 0);
      const first = await readFile(file, "utf8");
      await spool.keep(SAMPLE, 30, 0);
      const both = await readFile(file, "utf8");
      for (let length = first.length - 1; length <= both.length; length += length < both.length - 3 ? 25 : 1) {
        await writeFile(file, both.slice(0, length));
        const { spool: torn } = await open();
        const before = serials(torn);
        await torn.keep(SAMPLE, 30, 0);
        const again = await open();
        strictEqual(again.lost, 0, `${length} bytes`);
        deepStrictEqual(serials(again.spool), [...before, before.length + 1], `${length} bytes`);
      }
    }));
});

describe("WatcherFolder", () => {
  it("belongs to one running watcher, which keeps its name", () =>
    withTemporaryFolder(async (folder) => {
      const own = await WatcherFolder.open(folder);
      const { id } = own;
      // The lock of a process that has ended counts for nothing, whoever has its number now.
      await writeFile(join(folder, "watcher.pid"), `${process.ppid} 1\n`);
      const next = await WatcherFolder.open(folder);
      strictEqual(next.id, id);
      const stat = await readFile(`/proc/${process.ppid}/stat`, "utf8");
      const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      await writeFile(join(folder, "watcher.pid"), `${process.ppid} ${start}\n`);
      await rejects(WatcherFolder.open(folder), { code: "WatcherRunning" });
    }));

  it("says which folder cannot be used", () =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, "file");
      await writeFile(file, "");
      await rejects(WatcherFolder.open(join(file, "below")), { code: "WatcherFolderUnusable" });
      const own = await WatcherFolder.open(join(folder, "own"));
      await mkdir(join(folder, "own", `${NAME}.jsonl`));
      await rejects(
        Spool.open(own.medium(NAME), () => undefined),
        { code: "WatcherFolderUnusable" },
      );
    }));
});
