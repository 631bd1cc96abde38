import assert from "node:assert";
import { join } from "node:path";
import { buildKey } from "../../../scripts/setup/cache.mjs";
import { catalogue } from "../../../scripts/setup/catalogue.mjs";

describe("buildKey", () => {
  it("depends on a build's tags, which change what is compiled", () => {
    const build = catalogue("x64").find(({ name }) => name === "promtool")?.build;
    assert.ok(build?.tags);
    const key = (tags: readonly string[]) =>
      buildKey(join(__dirname, "../../../sandbox/toolchain"), { ...build, tags }, "x64");
    assert.notStrictEqual(key(build.tags), key([]));
  });
});
