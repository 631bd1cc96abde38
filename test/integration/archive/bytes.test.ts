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
import { runWith } from "../../../infra/base/lib/run";
import type { Credentials } from "../../../infra/base/model/credentials";
import { openStore } from "../../../infra/base/store/open";
import { CHECKOUT } from "../../support/checkout";
import { LargeLogApi } from "../../support/large-log-api";
import { KEYED } from "../../support/record-key";
import { S3Server } from "../../support/versitygw";

const TAG = "v1.2.3+1";
/** Sizes that end in the middle of frames and lines; 200 MB in all. */
const PODS = 4;
const SIZES = [1_000_001, 16_000_003, 33_000_007] as const;
/** The settings that each operator must add, as variables. */
const SETTINGS = {
  SMESHNET_ZONE_ID: "zone",
  SMESHNET_ACCOUNT_ID: "account",
  SMESHNET_GCP_PROJECT: "project",
  SMESHNET_GCP_LOCATION: "us-east1",
  SMESHNET_GCP_ZONE: "us-east1-b",
};
const ALL = PODS * SIZES.reduce((sum, size) => sum + size, 0);

/** A store whose objects are files. */
interface Place {
  readonly url: string;
  readonly credentials: Credentials;
  /** The credentials as variables, for a program. */
  readonly environment: Record<string, string>;
  file(key: string): string;
  remove(): Promise<void>;
}

async function folder(): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
  return {
    url: pathToFileURL(root).href,
    credentials: KEYED,
    environment: {},
    file: (key) => join(root, key),
    remove: async () => rmSync(root, { recursive: true }),
  };
}

async function bucket(): Promise<Place> {
  const server = await S3Server.start();
  return {
    url: server.store,
    credentials: server.credentials,
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
    let place: Place;
    let api: LargeLogApi;
    let archive: Archive;

    const archived = (kubeconfig: string) => {
      const record = { tag: TAG, documents: { "config.json": { miners: PODS } } };
      return archiveNetwork(
        { store: openStore(place.url, place.credentials), record, kubeconfig, opening: "one" },
        runWith(),
      );
    };

    before(async () => {
      place = await made();
      api = new LargeLogApi(PODS, SIZES);
      archive = await archived(await api.start());
    });
    after(async () => {
      api.stop();
      await place.remove();
    });

    /** Runs the command `smeshnet archive`. */
    const command = async (...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> => {
      const child = spawn(process.execPath, ["scripts/smeshnet.cjs", "archive", ...args], {
        cwd: CHECKOUT,
        env: { ...process.env, ...SETTINGS, ...place.environment, SMESHNET_ARCHIVE: place.url },
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

    it("holds every byte that the cluster sent", () => {
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

    it("is Zstandard that other programs unpack", () => {
      const log = Buffer.from(decompress(readFileSync(place.file("archives/v1.2.3+1/1/logs/miner-2.log.zst"))));
      strictEqual(log.length, ALL / PODS);
      match(String(log.subarray(0, 100)), /"N":"miner-2\/prepare"/);
      ok(log.includes('"N":"miner-2/miner previous"'));
    });

    it("is shown by pod and by container", async () => {
      const words = await command("show", TAG);
      match(words.stdout, /objects {3}7, [\d.]+ MB in the store, 200 MB unpacked\n/);
      match(
        words.stdout,
        /\n {2}logs\/miner-3\.log\.zst .*50 MB unpacked .*\n {4}prepare {3}1 MB .*\n {4}miner, earlier run {3}16 MB /,
      );
      const log = await command("show", TAG, "miner-3/prepare");
      strictEqual(log.stdout.length, SIZES[0]);
      match(log.stdout, /^2026-01-01T00:00:00\.000000000Z {"L":"INFO","N":"miner-3\/prepare"/);
    });

    it("reads back as it was written, and reports a byte that is flipped in the store", async () => {
      const well = await command("verify", TAG);
      deepStrictEqual([well.exitCode, well.stdout], [0, `${archive.key}: 7 objects verified\n`]);
      for (const key of ["logs/miner-3.log.zst", "pods.json"]) flip(`archives/v1.2.3+1/1/${key}`);
      const ill = await command("verify", TAG);
      strictEqual(ill.exitCode, 1);
      match(
        ill.stdout,
        /1\/manifest\.json: logs\/miner-3\.log\.zst is \d+ bytes .*, expected .*; pods\.json is \d+ bytes .*, expected .*\n$/,
      );
      match(ill.stderr, /^error\[ArchiveDamaged\]: 2 objects of the archives of v1\.2\.3\+1 .*\n$/);
      const shown = await command("show", TAG, "pods.json");
      strictEqual(shown.exitCode, 1);
      match(shown.stderr, /^error\[ArchiveDamaged\]: .*pods\.json is .*\n$/);
      for (const key of ["logs/miner-3.log.zst", "pods.json"]) flip(`archives/v1.2.3+1/1/${key}`);
    });

    it("does not count when a byte of its manifest is flipped, and a new archive can be made", async () => {
      flip(archive.key);
      const ill = await command("verify", TAG);
      strictEqual(ill.exitCode, 1);
      match(ill.stderr, /^"archives\/v1\.2\.3\+1\/1\/manifest\.json" .*\nerror\[ArchiveDamaged\]: /);
      const listed = await command("list", TAG, "--json");
      deepStrictEqual([listed.exitCode, JSON.parse(listed.stdout)], [0, []]);
      match(listed.stderr, /^"archives\/v1\.2\.3\+1\/1\/manifest\.json" /);
      const little = new LargeLogApi(1, [10, 10, 10]);
      try {
        notStrictEqual((await archived(await little.start())).key, archive.key);
      } finally {
        little.stop();
      }
    });
  });
}
