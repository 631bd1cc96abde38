import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openStore } from "../../../infra/base/store/open";
import { CHECKOUT } from "../../support/checkout";
import { refusesLater } from "../../support/errors";
import { RecapWorld } from "../../support/recaps";
import { RECORD_KEY } from "../../support/record-key";
import { toolchain } from "../../support/toolchain";
import { type AwsKey, S3Server } from "../../support/versitygw";

const TAG = "v1.2.3+1";

describe("the rights at a store at S3", function () {
  this.timeout(60_000);
  let server: S3Server;
  let world: RecapWorld;
  let reader: AwsKey;
  let writer: AwsKey;
  before(async () => {
    world = new RecapWorld();
    await world.simmer(TAG, world.commit("one"), { layers: 3 });
    await world.archive(TAG, "2026-11-25T09:00:00.000Z", { "miner-1-abc/miner": "a line\n" });
    server = await S3Server.start();
    cpSync(join(world.folder, "store"), join(server.bucket, "nets"), { recursive: true });
    const { read, write } = await server.accounts({
      read: "packaging/aws/archive-reader.json",
      write: "packaging/aws/archive-writer.json",
    });
    ok(read && write);
    [reader, writer] = [read, write];
  });
  after(async () => {
    await server.stop();
    world.remove();
  });

  const smeshnet = (words: string, env: Readonly<Record<string, string>>) =>
    new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
      const state = join(world.folder, "state");
      mkdirSync(state, { recursive: true });
      const any = ["ZONE_ID", "ACCOUNT_ID", "GCP_PROJECT", "GCP_LOCATION", "GCP_ZONE"];
      const options = {
        cwd: CHECKOUT,
        env: {
          PATH: `${toolchain().bin}:${process.env.PATH}`,
          PULUMI_HOME: world.folder,
          PULUMI_BACKEND_URL: `${pathToFileURL(state).href}?metadata=skip`,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          SMESHNET_RECORD_KEY: RECORD_KEY,
          SMESHNET_ARCHIVE: server.store,
          SMESHNET_NODE_REPOSITORY: world.repository,
          ...Object.fromEntries(any.map((name) => [`SMESHNET_${name}`, "any"])),
          ...env,
        },
      };
      execFile(process.execPath, ["scripts/smeshnet.cjs", ...words.split(" ")], options, (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });

  const variables = ({ awsAccessKeyId, awsSecretAccessKey }: AwsKey, before = "") => ({
    [`${before}AWS_ACCESS_KEY_ID`]: awsAccessKeyId,
    [`${before}AWS_SECRET_ACCESS_KEY`]: awsSecretAccessKey,
  });

  it("let a reader list and read, and refuse a write in one line", async () => {
    const store = openStore(server.store, { ...reader, recordKey: RECORD_KEY });
    ok((await store.list("")).length > 2);
    await refusesLater(store.put("probe-1", "text"), "StoreUnwritable", {
      names: ["AccessDenied", "AWS_ACCESS_KEY_ID", "list, read and write"],
    });
  });

  it("let a writer add, and neither replace nor remove", async () => {
    const store = openStore(server.store, { ...writer, recordKey: RECORD_KEY });
    await store.put("settled/1", "text");
    await refusesLater(store.put("settled/1", "another text"), "ObjectExists");
    await store.probe();
    const probes = readdirSync(join(server.bucket, "nets")).filter((name) => name.startsWith("probe-"));
    strictEqual(probes.length, 1, "its own probe stays, since it may not delete");
  });

  for (const words of [
    `archive list ${TAG}`,
    `archive show ${TAG}`,
    `archive verify ${TAG}`,
    `simmer status ${TAG}`,
    `recap ${TAG}`,
    "list",
  ])
    it(`are enough for a reader who runs ${words}`, async () => {
      const { exitCode, stdout, stderr } = await smeshnet(words, variables(reader, "ARCHIVE_READER_"));
      strictEqual(exitCode, 0, stderr);
      ok(stdout.length > 0);
    });

  it("are asked of the reader's own key where one is set, and of the other else", async () => {
    const nobody = { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "nobody" };
    const both = await smeshnet(`archive list ${TAG}`, { ...nobody, ...variables(reader, "ARCHIVE_READER_") });
    strictEqual(both.exitCode, 0, both.stderr);
    const one = await smeshnet(`archive list ${TAG}`, variables(reader));
    deepStrictEqual([one.exitCode, one.stdout], [0, both.stdout]);
    const wrong = await smeshnet(
      `archive list ${TAG}`,
      variables({ ...reader, awsSecretAccessKey: "x" }, "ARCHIVE_READER_"),
    );
    match(
      wrong.stderr,
      /^error\[StoreUnreadable\]: .* Check that ARCHIVE_READER_AWS_ACCESS_KEY_ID and .*list and read there\.\n$/,
    );
  });

  it("stop a command that writes, in one line, before it does anything", async () => {
    for (const [given, line] of [
      [variables(reader, "ARCHIVE_READER_"), /AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set\. Set both/],
      [variables(reader), /cannot be written \(AccessDenied: .*may list, read and write there\./],
    ] as const) {
      const { exitCode, stderr } = await smeshnet("step archive probe", { ARCHIVE: server.store, ...given });
      deepStrictEqual([exitCode, stderr.trim().split("\n").length], [1, 1], stderr);
      match(stderr, line);
    }
  });
});
