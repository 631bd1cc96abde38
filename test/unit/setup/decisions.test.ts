import assert from "node:assert";
import { catalogue } from "../../../scripts/setup/catalogue.mjs";
import { expectedSum } from "../../../scripts/setup/download.mjs";
import { compiling, duration, estimate, fetching } from "../../../scripts/setup/estimate.mjs";
import { isComplete } from "../../../scripts/setup/npm.mjs";
import { HELP, parseOptions } from "../../../scripts/setup/options.mjs";
import { buildRefusal, refusal } from "../../../scripts/setup/preconditions.mjs";
import { waysTo } from "../../../scripts/setup/resolution.mjs";
import { atLeast, versionIn } from "../../../scripts/setup/versions.mjs";

describe("waysTo", () => {
  const everything = { downloadable: true, comesAlong: false, buildable: true, standIn: true };
  const nothing = { downloadable: false, comesAlong: false, buildable: false, standIn: false };
  const absent = { onPath: undefined, cached: undefined };

  it("prefers PATH, then the cache, to every other way", () => {
    assert.deepStrictEqual(waysTo({ ...everything, onPath: "/bin/x", cached: "/cache/x" }), ["path"]);
    assert.deepStrictEqual(waysTo({ ...everything, onPath: undefined, cached: "/cache/x" }), ["cache"]);
  });

  it("prefers the official download and keeps the build for a failed download", () => {
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent, downloadable: true, buildable: true }), [
      "download",
      "build",
    ]);
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent, buildable: true }), ["build"]);
  });

  it("uses another tool's download that contains the tool", () => {
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent, comesAlong: true, buildable: true }), ["along", "build"]);
  });

  it("uses our stand-in last", () => {
    assert.deepStrictEqual(waysTo({ ...everything, ...absent }), ["download", "build", "stand-in"]);
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent }), []);
  });

  it("finds a way to every tool even without official downloads", () => {
    for (const tool of catalogue("x64")) {
      const finding = { ...absent, comesAlong: false, buildable: !!tool.build, standIn: !!tool.standIn };
      assert.notDeepStrictEqual(waysTo({ ...finding, downloadable: false }), [], tool.name);
    }
  });
});

describe("versionIn and atLeast", () => {
  it("find the version in the output of all our tools", () => {
    assert.strictEqual(versionIn("v3.250.0\n"), "3.250.0");
    assert.strictEqual(versionIn("etcd Version: 3.6.8\nGit SHA: Not provided\nGo Version: go1.26.8"), "3.6.8");
    assert.strictEqual(versionIn("kwokctl version v0.8.0 go1.26.8 (linux/amd64)"), "0.8.0");
    assert.strictEqual(versionIn("Kubernetes v1.36.3"), "1.36.3");
    assert.strictEqual(versionIn("Client Version: v1.36.3\nKustomize Version: v5.8.1"), "1.36.3");
    assert.strictEqual(versionIn("v2.11.9 h1:0000000000000000000000000000000000000000000="), "2.11.9");
    assert.strictEqual(versionIn("go version go1.19 linux/amd64"), "1.19");
  });

  it("distinguish a pre-release from its release", () => {
    assert.strictEqual(versionIn("Kubernetes v1.36.3-rc.1"), "1.36.3-rc.1");
  });

  it("return undefined for a text without version", () => {
    assert.strictEqual(versionIn("unknown"), undefined);
  });

  it("compare versions by number and not by letter", () => {
    assert.ok(atLeast("1.21.0", "1.21"));
    assert.ok(atLeast("20.19.0", "20.19"));
    assert.ok(atLeast("22.1.0", "20.19"));
    assert.ok(!atLeast("20.9.0", "20.19"));
    assert.ok(!atLeast("1.3", "1.21"));
  });
});

describe("refusal and buildRefusal", () => {
  const machine = { platform: "linux", node: "20.19.0", git: true, npm: true };
  const refusals: [string, string | undefined, RegExp][] = [
    ["another system than Linux", refusal({ ...machine, platform: "darwin" }), /darwin.*Linux/],
    ["an old Node.js", refusal({ ...machine, node: "20.18.3" }), /Node\.js 20\.18\.3 .*Install Node\.js 20\.19/],
    ["a machine without git", refusal({ ...machine, git: false }), /git is missing.*apt-get install git/],
    ["a machine without npm", refusal({ ...machine, npm: false }), /npm is missing.*apt-get install npm/],
    [
      "a machine without Go",
      buildRefusal(undefined, ["etcd"], "downloads are closed"),
      /etcd must be built because downloads are closed, but Go is missing.*Install Go 1\.21/,
    ],
    [
      "an old Go",
      buildRefusal("1.19", ["etcd", "poet"], "downloads are closed"),
      /etcd, poet must .*Go 1\.19 is too old/,
    ],
  ];
  for (const [what, line, expected] of refusals) {
    it(`refuses ${what} in one line that names the remedy`, () => {
      assert.match(line ?? "", expected);
      assert.ok(!line?.includes("\n"));
    });
  }

  it("accept a machine that has everything", () => {
    assert.strictEqual(refusal(machine), undefined);
    assert.strictEqual(buildRefusal("1.21.0", ["etcd"], "downloads are closed"), undefined);
    assert.strictEqual(buildRefusal(undefined, [], "downloads are closed"), undefined);
  });
});

describe("estimate, fetching, compiling and duration", () => {
  it("state the time of this build and of the builds after it", () => {
    assert.strictEqual(estimate(180, [25, 100, 430]), "building, about 3 min on two cores; 3 more builds, about 9 min");
    assert.strictEqual(estimate(25, [10]), "building, about 25 s on two cores; 1 more build, about 10 s");
    assert.strictEqual(estimate(430, []), "building, about 7 min on two cores; the last build");
  });

  it("state the progress of a build", () => {
    assert.strictEqual(fetching({ seconds: 12, fetched: 1 }), "1 module fetched, 12 s so far");
    assert.strictEqual(
      compiling({ seconds: 45, compiled: 310, packages: 1543 }),
      "310 of at most 1543 packages compiled, 45 s so far",
    );
  });

  it("give short times exactly", () => {
    assert.deepStrictEqual([0.44, 9.96, 24.4, 119, 126].map(duration), ["0.4 s", "10 s", "24 s", "119 s", "2 min"]);
  });
});

describe("expectedSum", () => {
  const sum = "a".repeat(64);
  const other = "b".repeat(64);

  it("finds a file's checksum in the output of sha256sum", () => {
    const list = `${other}  etcd.zip\n${sum} *./etcd.tar.gz\n`;
    assert.strictEqual(expectedSum(list, "etcd.tar.gz"), sum);
  });

  it("accepts a checksum that stands alone", () => {
    assert.strictEqual(expectedSum(`${sum.toUpperCase()}\n`, "kubectl"), sum);
  });

  it("reads the digest in GitHub's description of a release, if there is one", () => {
    const asset = (name: string, digest: string | null) => ({ name, digest });
    const release = (digest: string | null) =>
      JSON.stringify({ tag_name: "v1", assets: [asset("other.tar.gz", `sha256:${other}`), asset("a.tar.gz", digest)] });
    assert.strictEqual(expectedSum(release(`sha256:${sum}`), "a.tar.gz"), sum);
    assert.strictEqual(expectedSum(release(null), "a.tar.gz"), undefined);
    assert.strictEqual(expectedSum(release(`sha1:${sum.slice(0, 40)}`), "a.tar.gz"), undefined);
  });

  it("ignores checksums of other files and texts that are not checksums", () => {
    assert.strictEqual(expectedSum(`${other}  etcd.zip\n${other}  caddy.zip\n`, "etcd.tar.gz"), undefined);
    assert.strictEqual(expectedSum("<html>", "kubectl"), undefined);
    assert.strictEqual(expectedSum("", "kubectl"), undefined);
  });
});

describe("isComplete", () => {
  const wanted = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "x" },
    "node_modules/b": { version: "2.0.0", integrity: "y", optional: true },
  };

  it("accepts the packages of the lock file with or without optional ones", () => {
    assert.ok(isComplete(wanted, { "node_modules/a": wanted["node_modules/a"] }));
    assert.ok(
      isComplete(wanted, { "node_modules/a": wanted["node_modules/a"], "node_modules/b": wanted["node_modules/b"] }),
    );
  });

  it("rejects a missing, a different and an additional package", () => {
    assert.ok(!isComplete(wanted, {}));
    assert.ok(!isComplete(wanted, { "node_modules/a": { version: "1.0.1", integrity: "z" } }));
    assert.ok(
      !isComplete(wanted, { "node_modules/a": wanted["node_modules/a"], "node_modules/c": { version: "3.0.0" } }),
    );
  });
});

describe("parseOptions", () => {
  it("accepts lists of tools with and without an equals sign", () => {
    const { only } = parseOptions(["--only", "etcd,kwokctl", "--only=poet"], ["etcd", "kwokctl", "poet"]);
    assert.deepStrictEqual(only, ["etcd", "kwokctl", "poet"]);
  });

  it("accepts every switch of the help text", () => {
    const switches = [...HELP.matchAll(/^ {2}--(\w+) {2}/gm)].map(([, name = ""]) => name);
    assert.ok(switches.length > 4);
    for (const name of switches) {
      const options = parseOptions([`--${name}`], ["etcd"]);
      assert.strictEqual(options[name as keyof typeof options], true);
    }
  });

  it("refuses unknown options and tools, and an empty list", () => {
    assert.throws(() => parseOptions(["--fast"], ["etcd"]), /--fast.*npm run setup -- --help/);
    assert.throws(() => parseOptions(["--only", "docker"], ["etcd"]), /--only .*docker.*etcd/);
    assert.throws(() => parseOptions(["--only"], ["etcd"]), /--only .*etcd/);
  });
});
