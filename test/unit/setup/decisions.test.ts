import assert from "node:assert";
import { catalogue } from "../../../scripts/setup/catalogue.mjs";
import { expectedSum } from "../../../scripts/setup/download.mjs";
import { duration, estimate, heartbeat } from "../../../scripts/setup/estimate.mjs";
import { isComplete } from "../../../scripts/setup/npm.mjs";
import { parseOptions } from "../../../scripts/setup/options.mjs";
import { buildRefusal, refusal } from "../../../scripts/setup/preconditions.mjs";
import { waysTo } from "../../../scripts/setup/resolution.mjs";
import { atLeast, versionIn } from "../../../scripts/setup/versions.mjs";

describe("The way to a tool", () => {
  const everything = { downloadable: true, comesAlong: false, buildable: true, standIn: true };
  const nothing = { downloadable: false, comesAlong: false, buildable: false, standIn: false };
  const absent = { onPath: undefined, cached: undefined };

  it("is PATH first, then the cache, whatever else is possible", () => {
    assert.deepStrictEqual(waysTo({ ...everything, onPath: "/bin/x", cached: "/cache/x" }), ["path"]);
    assert.deepStrictEqual(waysTo({ ...everything, onPath: undefined, cached: "/cache/x" }), ["cache"]);
  });

  it("is the official download before a build, and the build stays for when the download fails", () => {
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent, downloadable: true, buildable: true }), [
      "download",
      "build",
    ]);
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent, buildable: true }), ["build"]);
  });

  it("is another tool's download where that brings it along", () => {
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent, comesAlong: true, buildable: true }), ["along", "build"]);
  });

  it("ends in our stand-in where nothing official is left", () => {
    assert.deepStrictEqual(waysTo({ ...everything, ...absent }), ["download", "build", "stand-in"]);
    assert.deepStrictEqual(waysTo({ ...nothing, ...absent }), []);
  });

  it("is there for every tool, with and without official downloads", () => {
    for (const tool of catalogue("x64")) {
      const finding = { ...absent, comesAlong: false, buildable: !!tool.build, standIn: !!tool.standIn };
      assert.notDeepStrictEqual(waysTo({ ...finding, downloadable: false }), [], tool.name);
    }
  });
});

describe("The version in what a program says", () => {
  it("is found in the answers of all our tools", () => {
    assert.strictEqual(versionIn("v3.250.0\n"), "3.250.0");
    assert.strictEqual(versionIn("etcd Version: 3.6.8\nGit SHA: Not provided\nGo Version: go1.26.8"), "3.6.8");
    assert.strictEqual(versionIn("kwok version v0.7.0 go1.26.8 (linux/amd64)"), "0.7.0");
    assert.strictEqual(versionIn("Kubernetes v1.36.3"), "1.36.3");
    assert.strictEqual(versionIn("Client Version: v1.36.3\nKustomize Version: v5.8.1"), "1.36.3");
    assert.strictEqual(versionIn("v2.11.9 h1:0000000000000000000000000000000000000000000="), "2.11.9");
    assert.strictEqual(versionIn("go version go1.19 linux/amd64"), "1.19");
  });

  it("keeps a pre-release apart from the release", () => {
    assert.strictEqual(versionIn("Kubernetes v1.36.3-rc.1"), "1.36.3-rc.1");
  });

  it("is undefined where there is none", () => {
    assert.strictEqual(versionIn("unknown"), undefined);
  });

  it("is compared by number and not by letter", () => {
    assert.ok(atLeast("1.21.0", "1.21"));
    assert.ok(atLeast("20.19.0", "20.19"));
    assert.ok(atLeast("22.1.0", "20.19"));
    assert.ok(!atLeast("20.9.0", "20.19"));
    assert.ok(!atLeast("1.3", "1.21"));
  });
});

describe("Set-up refuses in one line that names the cure", () => {
  const machine = { platform: "linux", node: "20.19.0", git: true, npm: true };
  const refusals: [string, string | undefined, RegExp][] = [
    ["another system", refusal({ ...machine, platform: "darwin" }), /darwin.*use a Linux machine/],
    ["an old Node.js", refusal({ ...machine, node: "20.18.3" }), /20\.18\.3 is too old: install Node\.js 20\.19/],
    ["a machine without git", refusal({ ...machine, git: false }), /git is missing: install git/],
    ["a machine without npm", refusal({ ...machine, npm: false }), /npm is missing: install npm/],
    [
      "no Go",
      buildRefusal(undefined, ["etcd"], "downloads are closed"),
      /Go is missing.*etcd must be built: install Go 1\.21/,
    ],
    ["an old Go", buildRefusal("1.19", ["etcd", "poet"], "downloads are closed"), /Go 1\.19 is too old.*etcd, poet/],
  ];
  for (const [what, line, expected] of refusals) {
    it(what, () => {
      assert.match(line ?? "", expected);
      assert.ok(!line?.includes("\n"));
    });
  }

  it("and goes on where all is well", () => {
    assert.strictEqual(refusal(machine), undefined);
    assert.strictEqual(buildRefusal("1.21.0", ["etcd"], "downloads are closed"), undefined);
    assert.strictEqual(buildRefusal(undefined, [], "downloads are closed"), undefined);
  });
});

describe("What set-up says of time", () => {
  it("tells this build and what is left after it", () => {
    assert.strictEqual(
      estimate(180, [25, 100, 430]),
      "building, about 3 min on two cores; then 3 builds more, about 9 min",
    );
    assert.strictEqual(estimate(25, [10]), "building, about 25 s on two cores; then 1 build more, about 10 s");
    assert.strictEqual(estimate(430, []), "building, about 7 min on two cores; the last build");
  });

  it("tells how far a build is", () => {
    const progress = { seconds: 45, compiled: 310, packages: 1543 };
    assert.strictEqual(heartbeat({ ...progress, fetched: 0 }), "310 of at most 1543 packages compiled, 45 s so far");
    assert.match(heartbeat({ ...progress, fetched: 1 }), /compiled, 1 module fetched, 45 s/);
  });

  it("is exact where it is short", () => {
    assert.deepStrictEqual([0.44, 9.96, 24.4, 119, 126].map(duration), ["0.4 s", "10 s", "24 s", "119 s", "2 min"]);
  });
});

describe("A publisher's checksum", () => {
  const sum = "a".repeat(64);
  const other = "b".repeat(64);

  it("is found by the file's name, as sha256sum writes it", () => {
    const list = `${other}  etcd.zip\n${sum} *./etcd.tar.gz\n`;
    assert.strictEqual(expectedSum(list, "etcd.tar.gz"), sum);
  });

  it("may stand alone", () => {
    assert.strictEqual(expectedSum(`${sum.toUpperCase()}\n`, "kubectl"), sum);
  });

  it("is that of GitHub's account of a release, where it has one", () => {
    const asset = (name: string, digest: string | null) => ({ name, digest });
    const release = (digest: string | null) =>
      JSON.stringify({ tag_name: "v1", assets: [asset("other.tar.gz", `sha256:${other}`), asset("a.tar.gz", digest)] });
    assert.strictEqual(expectedSum(release(`sha256:${sum}`), "a.tar.gz"), sum);
    assert.strictEqual(expectedSum(release(null), "a.tar.gz"), undefined);
    assert.strictEqual(expectedSum(release(`sha1:${sum.slice(0, 40)}`), "a.tar.gz"), undefined);
  });

  it("is not taken from another file, nor from something that is no checksum", () => {
    assert.strictEqual(expectedSum(`${other}  etcd.zip\n${other}  caddy.zip\n`, "etcd.tar.gz"), undefined);
    assert.strictEqual(expectedSum("<html>", "kubectl"), undefined);
    assert.strictEqual(expectedSum("", "kubectl"), undefined);
  });
});

describe("Installed npm packages", () => {
  const wanted = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "x" },
    "node_modules/b": { version: "2.0.0", integrity: "y", optional: true },
  };

  it("are those of the lock file, with or without optional ones", () => {
    assert.ok(isComplete(wanted, { "node_modules/a": wanted["node_modules/a"] }));
    assert.ok(
      isComplete(wanted, { "node_modules/a": wanted["node_modules/a"], "node_modules/b": wanted["node_modules/b"] }),
    );
  });

  it("are not when one is missing, another, or too many", () => {
    assert.ok(!isComplete(wanted, {}));
    assert.ok(!isComplete(wanted, { "node_modules/a": { version: "1.0.1", integrity: "z" } }));
    assert.ok(
      !isComplete(wanted, { "node_modules/a": wanted["node_modules/a"], "node_modules/c": { version: "3.0.0" } }),
    );
  });
});

describe("The command line of set-up", () => {
  it("takes lists of tools in both spellings", () => {
    const { only, offline, json } = parseOptions(
      ["--only", "etcd,kwok", "--only=poet", "--offline"],
      ["etcd", "kwok", "poet"],
    );
    assert.deepStrictEqual({ only, offline, json }, { only: ["etcd", "kwok", "poet"], offline: true, json: false });
  });

  it("refuses what it does not know", () => {
    assert.throws(() => parseOptions(["--fast"], ["etcd"]), /unknown option --fast/);
    assert.throws(() => parseOptions(["--only", "docker"], ["etcd"]), /no tool is called docker; there are etcd/);
    assert.throws(() => parseOptions(["--only"], ["etcd"]), /--only needs names/);
  });
});
