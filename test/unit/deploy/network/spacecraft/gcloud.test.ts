import { deepStrictEqual } from "node:assert";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../../../../infra/base/lib/temporary";
import { parseBuildTag } from "../../../../../infra/base/model/build-tag";
import { networkSpec } from "../../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../../infra/base/model/versions";
import { describeCluster } from "../../../../../infra/deploy/network/spacecraft/gcloud";
import { spacecraftSpec } from "../../../../../infra/deploy/network/spacecraft/spec";
import { refusesLater } from "../../../../support/errors";
import { settingsWith } from "../../../../support/settings";

const tag = parseBuildTag("v1.2.3+1");
const settings = settingsWith({});
const spec = spacecraftSpec(networkSpec(tag, settings, versionsOf(tag, settings.versions)));

/** Describes the cluster with a gcloud that prints a document. */
const described = (document: unknown) =>
  withTemporaryFolder(async (folder) => {
    const program = join(folder, "gcloud");
    await writeFile(program, `#!/bin/sh\necho '${JSON.stringify(document)}'\n`);
    await chmod(program, 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      return await describeCluster(spec, new AbortController().signal);
    } finally {
      process.env.PATH = path;
    }
  });

describe("describeCluster", () => {
  it("reads a cluster with the time of its creation", async () => {
    const cluster = { status: "RUNNING", createTime: "2026-01-01T00:10:00Z" };
    deepStrictEqual(await described({ ...cluster, name: spec.cluster }), cluster);
  });

  for (const [name, createTime] of [
    ["no time", undefined],
    ["an empty time", ""],
    ["a time that is none", "soon"],
    ["null for a time", null],
  ] as const) {
    it(`does not know a cluster with ${name}`, () =>
      refusesLater(described({ status: "RUNNING", createTime }), "ClusterUnknown", { names: [spec.cluster] }));
  }
});
