import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Config, variableOf } from "../../../tap/config";
import { CHECKOUT } from "../../support/checkout";

const read = (path: string): string => readFileSync(join(CHECKOUT, path), "utf8");

describe("the Dockerfile of the tap", () => {
  const file = read("packaging/tap/Dockerfile");

  it("builds on the Node.js of .nvmrc", () => {
    const images = [...file.matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => major);
    deepStrictEqual(images, [read(".nvmrc").trim(), read(".nvmrc").trim()]);
  });

  it("copies files that exist, all of which the build gets to see", () => {
    const seen = read("packaging/tap/Dockerfile.dockerignore").split("\n");
    const copied = [...file.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = ""]) => paths.split(" "));
    ok(copied.length > 6);
    for (const path of copied) {
      ok(existsSync(join(CHECKOUT, path)), path);
      ok(seen.includes(`!${path}`), path);
    }
  });

  it("copies all that the bundle reads", async () => {
    const [, entry = ""] = /npx esbuild (\S+) --bundle/.exec(file) ?? [];
    const { metafile } = await build({
      entryPoints: [join(CHECKOUT, entry)],
      absWorkingDir: CHECKOUT,
      bundle: true,
      platform: "node",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const rooms = new Set(Object.keys(metafile.inputs).map((path) => path.split("/")[0]));
    deepStrictEqual([...rooms].sort(), ["infra", "node_modules", "tap"]);
    match(file, /cp -r infra\/base\/clients\/node\/protos dist\/tap\/protos$/m);
  });

  it("sets variables that the tap reads, and asks its health at the same port", () => {
    const known = Object.keys(Config.shape).map(variableOf);
    const set = [...file.matchAll(/\b(TAP_\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value] as const);
    for (const [name] of set) ok(known.includes(name), name);
    const [, port] = (new Map(set).get("TAP_LISTEN") ?? "").split(":");
    match(file, new RegExp(`^HEALTHCHECK [^]*fetch\\('http://127.0.0.1:${port}/healthz'`, "m"));
    match(file, new RegExp(`^EXPOSE ${port}$`, "m"));
    strictEqual(new Map(set).get("TAP_DATA_FOLDER"), /^VOLUME (.*)$/m.exec(file)?.[1]);
  });

  it("runs as nobody special", () => match(file, /^USER node$/m));
});
