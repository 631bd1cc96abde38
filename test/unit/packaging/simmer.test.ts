import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../../../infra/base/cli/parse";
import { Settings, variableOf } from "../../../infra/base/model/settings";
import { USUAL_ADDRESS } from "../../../infra/simmer/endpoint";
import { catalogue } from "../../../scripts/setup/catalogue.mjs";
import { command } from "../../../scripts/simmer/watch";
import { CHECKOUT } from "../../support/checkout";

const read = (path: string): string => readFileSync(join(CHECKOUT, path), "utf8");
const FOLDER = "packaging/simmer";

/** The values of one key of a unit file. */
const valuesOf = (unit: string, key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);

/** Reads a command line that begins with the program, by the command's own parser. */
function flagsOf(words: readonly string[]) {
  deepStrictEqual(words.slice(0, 2), ["simmer", "watch"]);
  const parsed = parse("simmer watch", command, words.slice(2));
  ok(parsed !== "help");
  return parsed.flags;
}

/** Variables that only Pulumi or the machine reads. */
const OTHERS = ["HOME", "PATH", "PULUMI_SKIP_UPDATE_CHECK", "PULUMI_ACCESS_TOKEN"];
const KNOWN = new Set([
  ...OTHERS,
  ...command.environment.map(({ name }) => name),
  ...Object.keys(Settings.shape).map(variableOf),
]);

describe("the systemd unit of the watcher", () => {
  const unit = read(`${FOLDER}/smeshnet-simmer.service`);
  const acting = read(`${FOLDER}/act.conf`);

  it("starts a command line that the command reads", () => {
    const [node, script = "", ...words] = (valuesOf(unit, "ExecStart")[0] ?? "").split(" ");
    strictEqual(node, "/usr/bin/node");
    ok(existsSync(join(CHECKOUT, script)));
    strictEqual(flagsOf(words).once, false);
    ok(valuesOf(unit, "StateDirectory").length === 1 && /--folder \$\{STATE_DIRECTORY\}$/.test(words.join(" ")));
  });

  it("only alerts, unless act.conf says otherwise", () => {
    const { simmerAct } = Settings.shape;
    const act = (text: string) =>
      valuesOf(text, "Environment").find((one) => one.startsWith(`${variableOf("simmerAct")}=`));
    strictEqual(simmerAct.parse(act(unit)?.split("=")[1]), "alert");
    strictEqual(simmerAct.parse(act(acting)?.split("=")[1]), "retire");
  });

  it("runs for weeks, and ends as the command does", () => {
    deepStrictEqual(valuesOf(unit, "Restart"), ["always"]);
    deepStrictEqual(valuesOf(unit, "SuccessExitStatus"), ["130"]);
    deepStrictEqual(valuesOf(unit, "KillMode"), ["mixed"]);
  });

  it("names documents and variables that exist", () => {
    const [, page = ""] = /^Documentation=file:\/\/\/opt\/smeshnet\/(.*)$/m.exec(unit) ?? [];
    ok(existsSync(join(CHECKOUT, page)), page);
    for (const text of [unit, acting])
      for (const value of valuesOf(text, "#?Environment")) {
        const [name = ""] = value.split("=");
        ok(KNOWN.has(name), name);
      }
  });
});

describe("the example of the watcher's variables", () => {
  const lines = read(`${FOLDER}/simmer.env.example`).split("\n");
  const named = lines.flatMap((line) => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []);

  it("names variables that the command reads", () => {
    deepStrictEqual(
      named.filter((name) => !KNOWN.has(name)),
      [],
    );
  });

  it("names the key of records, without which no record is read", () => ok(named.includes("SMESHNET_RECORD_KEY")));

  it("names every setting that has no default", () => {
    const config = read("Pulumi.yaml");
    const missing = Object.keys(Settings.shape).filter((key) => !config.includes(`smeshnet:${key}:`));
    const optional = missing.filter(
      (key) => Settings.shape[key as keyof typeof Settings.shape].safeParse(undefined).success,
    );
    const ofDriver = ["gcpProject", "gcpLocation", "gcpZone"]; // the example is that of the default driver
    deepStrictEqual(
      missing
        .filter((key) => !optional.includes(key) || ofDriver.includes(key))
        .map(variableOf)
        .sort(),
      named.filter((name) => name.startsWith("SMESHNET_") && name !== "SMESHNET_RECORD_KEY").sort(),
    );
  });

  it("holds no secret and no quotes, which Docker would keep", () => {
    for (const line of lines.filter((one) => !one.startsWith("# "))) match(line, /^#?[A-Z_]+=[\w:/.-]*$|^$/);
  });
});

describe("the Dockerfile of the watcher", () => {
  const file = read(`${FOLDER}/Dockerfile`);
  const json = (instruction: string): string[] => {
    const [, list = "[]"] = new RegExp(`^${instruction} (\\[.*\\])$`, "m").exec(file) ?? [];
    return JSON.parse(list) as string[];
  };

  it("builds on the Node.js of .nvmrc", () => {
    const images = [...file.matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => major);
    strictEqual(images.length, 2);
    for (const major of images) strictEqual(major, read(".nvmrc").trim());
  });

  it("takes the pinned version of pulumi from its publisher, and checks its sum", () => {
    const [, version = ""] = /^ARG PULUMI_VERSION=(.*)$/m.exec(file) ?? [];
    const pulumi = catalogue("x64").find(({ name }) => name === "pulumi");
    strictEqual(version, pulumi?.version);
    strictEqual(version, JSON.parse(read("package.json")).dependencies["@pulumi/pulumi"]);
    const urls = [...file.matchAll(/"(https:[^"]+)"/g)].map(([, url = ""]) =>
      url.replace(/\$\{file\}/g, `pulumi-v${version}-linux-x64.tar.gz`).replace(/\$\{PULUMI_VERSION\}/g, version),
    );
    deepStrictEqual(urls, [pulumi?.download?.url, pulumi?.download?.checksums]);
    match(file, /sha256sum --check sum/);
  });

  it("copies files that exist, all of which the build gets to see", () => {
    const seen = read(`${FOLDER}/Dockerfile.dockerignore`).split("\n");
    const copied = [...file.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = ""]) => paths.split(" "));
    ok(copied.length > 8);
    for (const path of copied) {
      ok(existsSync(join(CHECKOUT, path)), path);
      ok(seen.includes(`!${path}`), path);
    }
    for (const folder of ["infra", "scripts", "stacks", "components"]) ok(copied.includes(folder));
  });

  it("starts a command line that the command reads, and asks its health at the same port", () => {
    strictEqual(json("ENTRYPOINT").join(" "), "node scripts/smeshnet.cjs");
    const { listen } = flagsOf(json("CMD"));
    const port = USUAL_ADDRESS.split(":")[1];
    strictEqual(listen, `0.0.0.0:${port}`);
    match(file, new RegExp(`^HEALTHCHECK [^]*fetch\\('http://${USUAL_ADDRESS}/healthz'`, "m"));
    match(file, new RegExp(`^EXPOSE ${port}$`, "m"));
  });

  it("runs as nobody special, and only alerts", () => {
    match(file, /^USER node$/m);
    match(file, /^STOPSIGNAL SIGTERM$/m);
    match(file, /SMESHNET_SIMMER_ACT=alert/);
  });
});
