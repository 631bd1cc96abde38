import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { decompress } from "fzstd";
import { type Archive, archiveNetwork } from "../../../infra/archive/run";
import { openStore } from "../../../infra/base/store/open";
import { CHECKOUT } from "../../support/checkout";
import { LargeLogApi } from "../../support/large-log-api";
import { S3Server } from "../../support/versitygw";

const TAG = "v1.2.3+1";
/** Sizes that end in the middle of frames and lines; 200 MB in all. */
const PODS = 4;
const SIZES = [1_000_001, 16_000_003, 33_000_007] as const;
const ALL = PODS * SIZES.reduce((sum, size) => sum + size, 0);

/** A store with the file in which it has an object. */
interface Place {
  readonly url: string;
  readonly environment: Record<string, string>;
  file(key: string): string;
  remove(): Promise<void>;
}

async function folder(): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
  return {
    url: pathToFileURL(root).href,
    environment: {},
    file: (key) => join(root, key),
    remove: async () => rmSync(root, { recursive: true }),
  };
}

async function bucket(): Promise<Place> {
  const server = await S3Server.start();
  return {
    url: server.store,
    environment: server.environment,
    file: (key) => server.file(key),
    remove: () => server.stop(),
  };
}

for (const [where, made] of [
  ["a folder", folder],
  ["a bucket of S3", bucket],
] as const) {
  describe(`an archive of 200 MB of logs in ${where}`, function () {
    this.timeout(60_000);
    const environment = { ...process.env };
    let place: Place;
    let api: LargeLogApi;
    let archive: Archive;

    const archived = (kubeconfig: string, openedAt?: string) => {
      const record = { tag: TAG, documents: { "config.json": { miners: PODS } } };
      return archiveNetwork({ store: openStore(place.url), record, kubeconfig, openedAt, say: () => undefined });
    };

    before(async () => {
      place = await made();
      Object.assign(process.env, place.environment);
      api = new LargeLogApi(PODS, SIZES);
      archive = await archived(await api.start());
    });
    after(async () => {
      api.stop();
      for (const name of Object.keys(place.environment)) delete process.env[name];
      Object.assign(process.env, environment);
      await place.remove();
    });

    /** The verb itself. */
    const verb = async (...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> => {
      const child = spawn(process.execPath, ["-r", "./infra/preload.cjs", "scripts/archive.ts", ...args], {
        cwd: CHECKOUT,
        env: { ...process.env, ARCHIVE: place.url },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(child, "close") as Promise<[number]>;
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { exitCode: (await ended)[0], stdout, stderr };
    };

    /** Flips the lowest bit of a byte in the middle of an object, behind the store's back. */
    const flip = (key: string): void => {
      const content = readFileSync(place.file(key));
      const middle = content.length >> 1;
      content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
      writeFileSync(place.file(key), content);
    };

    it("accounts for every byte that the cluster has sent", () => {
      const logs = archive.objects.filter(({ parts }) => parts);
      deepStrictEqual(
        logs.map(({ key }) => key),
        ["logs/miner-1.log.zst", "logs/miner-2.log.zst", "logs/miner-3.log.zst", "logs/miner-4.log.zst"],
      );
      const found = logs.flatMap(({ key, content, parts = [] }) => {
        let at = 0;
        return parts.map(({ container, previous, offset, bytes, sha256 }, index) => {
          strictEqual(offset, at, "no gap and no overlap");
          at += bytes;
          if (index === parts.length - 1) strictEqual(at, content?.bytes);
          return { name: `${key.slice(5, -8)}/${container}${previous ? " previous" : ""}`, bytes, sha256 };
        });
      });
      deepStrictEqual(found, api.sent);
      strictEqual(
        found.reduce((sum, { bytes }) => sum + bytes, 0),
        ALL,
      );
    });

    it("is written as any program unpacks it", () => {
      const log = Buffer.from(decompress(readFileSync(place.file("archives/v1.2.3+1/1/logs/miner-2.log.zst"))));
      strictEqual(log.length, ALL / PODS);
      match(String(log.subarray(0, 100)), /"N":"miner-2\/prepare"/);
      ok(log.includes('"N":"miner-2/miner previous"'));
    });

    it("is shown by pod and by container", async () => {
      const words = await verb("show", TAG);
      match(words.stdout, /objects {3}7, [\d.]+ MB in the store, 200 MB unpacked\n/);
      match(
        words.stdout,
        /\n {2}logs\/miner-3\.log\.zst .*50 MB unpacked .*\n {4}prepare {3}1 MB .*\n {4}miner, earlier run {3}16 MB /,
      );
      const log = await verb("show", TAG, "miner-3/prepare");
      strictEqual(log.stdout.length, SIZES[0]);
      match(log.stdout, /^2026-01-01T00:00:00\.000000000Z {"L":"INFO","N":"miner-3\/prepare"/);
    });

    it("reads back as it was written, and not when a byte in the store is flipped", async () => {
      const well = await verb("verify", TAG);
      deepStrictEqual([well.exitCode, well.stderr], [0, `${archive.key}: 7 objects, all well\n`]);
      for (const key of ["logs/miner-3.log.zst", "pods.json"]) flip(`archives/v1.2.3+1/1/${key}`);
      const ill = await verb("verify", TAG);
      strictEqual(ill.exitCode, 1);
      match(
        ill.stderr,
        /1\/manifest\.json: logs\/miner-3\.log\.zst is \d+ bytes .*, not .*; pods\.json is \d+ bytes .*, not .*\nerror: 2 objects of the archive of v1\.2\.3\+1 are not as they were written\n$/,
      );
      const shown = await verb("show", TAG, "pods.json");
      strictEqual(shown.exitCode, 1);
      match(shown.stderr, /^error: pods\.json is .*: what was printed is not what was archived\n$/);
      for (const key of ["logs/miner-3.log.zst", "pods.json"]) flip(`archives/v1.2.3+1/1/${key}`);
    });

    it("does not count when a byte of its manifest is flipped, which stops no new archive", async () => {
      flip(archive.key);
      const ill = await verb("verify", TAG);
      strictEqual(ill.exitCode, 1);
      match(
        ill.stderr,
        /^archives\/v1\.2\.3\+1\/1\/manifest\.json: .* is damaged, and the archive does not count .*\n/,
      );
      const listed = await verb("list", TAG);
      deepStrictEqual([listed.exitCode, JSON.parse(listed.stdout)], [0, [archive.key]]);
      match(listed.stderr, /is damaged, and the archive does not count/);
      const little = new LargeLogApi(1, [10, 10, 10]);
      try {
        notStrictEqual((await archived(await little.start(), "2026-01-01T00:00:00Z")).key, archive.key);
      } finally {
        little.stop();
      }
    });
  });
}
