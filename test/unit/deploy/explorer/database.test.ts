import { deepStrictEqual, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { MONGO_START } from "../../../../infra/deploy/explorer/database";

/** The image's script, as far as it matters here: it makes the user in an empty folder only. */
const IMAGE_SCRIPT = `#!/bin/bash
[ -e DATA/WiredTiger ] && exit 0
touch DATA/WiredTiger
[ -n "$BREAKS_OFF" ] && exit 1
touch DATA/user
for f in SCRIPTS/*.sh; do . "$f"; done
`;

describe("MONGO_START", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "mongo-start-"));
    for (const folder of ["db", "scripts", "bin"]) mkdirSync(join(root, folder));
    writeFileSync(join(root, "bin/docker-entrypoint.sh"), placed(IMAGE_SCRIPT), { mode: 0o755 });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const placed = (text: string) =>
    text
      .replaceAll(/DATA|\/data\/db/g, join(root, "db"))
      .replaceAll(/SCRIPTS|\/docker-entrypoint-initdb\.d/g, join(root, "scripts"));

  const start = (env: NodeJS.ProcessEnv = {}) => {
    const path = [join(root, "bin"), process.env.PATH].join(delimiter);
    return spawnSync("bash", ["-c", placed(MONGO_START)], { env: { PATH: path, ...env } }).status;
  };

  it("makes the user once, and keeps the data of a complete start", () => {
    strictEqual(start(), 0);
    writeFileSync(join(root, "db/layers"), "data");
    strictEqual(start(), 0);
    deepStrictEqual(readdirSync(join(root, "db")).sort(), ["WiredTiger", "layers", "smeshnet-complete", "user"]);
  });

  it("begins anew after a first start that was broken off before the user was made", () => {
    strictEqual(start({ BREAKS_OFF: "yes" }), 1);
    strictEqual(existsSync(join(root, "db/user")), false);
    strictEqual(start(), 0);
    strictEqual(existsSync(join(root, "db/user")), true);
  });
});
