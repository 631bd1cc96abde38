import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configText } from "../../../infra/deploy/network/kubernetes/config-text";
import { nodeConfigOf } from "../../../infra/deploy/network/kubernetes/node-config";
import { ownArguments } from "../../../sandbox/kubernetes/own-arguments";
import type { ContainerContext } from "../../../sandbox/kubernetes/program";
import { kubernetesSpec } from "../../support/kubernetes-spec";

const NODE = "spacemeshos/go-spacemesh";

describe("ownArguments", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "arguments-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const context = (args: readonly string[]): ContainerContext => ({
    cluster: "shared",
    clusterFolder: folder,
    networkFolder: folder,
    pod: "miner-1-5d9c7b6f4-x2x9k",
    namespace: "v1-2-3-1",
    container: "miner",
    image: `${NODE}:v1.2.3-b1`,
    address: "127.3.1.7",
    command: ["/bin/go-spacemesh"],
    args,
    env: {},
    mounts: {},
    resolve: (name) => ({ "poet-1": "127.3.128.1" })[name],
    log: () => undefined,
  });
  const argumentsOf = (args: readonly string[], repository = NODE) => ownArguments(repository, context(args), folder);

  it("moves every listener of a node to the pod's address, and leaves out what listens elsewhere", async () => {
    const given = [
      ...["--grpc-public-listener", "0.0.0.0:9192", "--grpc-json-listener=0.0.0.0:9095", "-d", "/data"],
      ...["--metrics", "--metrics-port", "9216", "--pprof-server", "--listen=/ip4/0.0.0.0/tcp/1", "--filelock=/tmp/x"],
    ];
    deepStrictEqual(await argumentsOf(given), [
      "-d",
      "/data",
      "--grpc-public-listener=127.3.1.7:9192",
      "--grpc-private-listener=127.3.1.7:9093",
      "--grpc-post-listener=127.3.1.7:0",
      "--grpc-json-listener=127.3.1.7:9095",
      `--filelock=${folder}/LOCK`,
    ]);
  });

  it("replaces names in arguments, also in lists", async () => {
    const [first] = await argumentsOf(["--poet-servers=http://poet-1:5000,http://example.org"]);
    strictEqual(first, "--poet-servers=http://127.3.128.1:5000,http://example.org");
  });

  it("names a copy of the config, with the listeners that the config has and every digit of its numbers", async () => {
    const file = join(folder, "given.json");
    writeFileSync(
      file,
      `{"api": {"grpc-json-listener": "0.0.0.0:9100"}, "p2p": {"listen": ["/ip4/0.0.0.0/tcp/7600"]},
        "genesis": {"accounts": {"stest1a": 12345678901234567890, "b": "12345678901234567890"}}}`,
    );
    for (const words of [["-c", file], [`-c=${file}`], ["--config", file], [`--config=${file}`]]) {
      const args = await argumentsOf(words);
      ok(args.includes(`--config=${folder}/config.json`) && !args.includes(file), words.join(" "));
      ok(args.includes("--grpc-json-listener=127.3.1.7:9100"));
    }
    const copy = readFileSync(join(folder, "config.json"), "utf8");
    ok(copy.includes('"listen": "/ip4/127.3.1.7/tcp/7600"'));
    ok(copy.includes('"stest1a": 12345678901234567890') && copy.includes('"b": "12345678901234567890"'));
  });

  it("takes the config that the driver writes", async () => {
    const made = { genesisTime: "2026-11-28T07:01:06Z", peerIds: ["12D3KooWa"], poetKeys: ["key"] };
    const config = nodeConfigOf(kubernetesSpec(), { ...made, bootstrapUrl: "http://bootstrap" });
    const file = join(folder, "driver.json");
    writeFileSync(file, configText(config));
    ok((await argumentsOf(["-c", file])).includes(`--config=${folder}/config.json`));
    const copy = readFileSync(join(folder, "config.json"), "utf8");
    ok(copy.includes('"listen": "/ip4/127.3.1.7/tcp/7513"') && copy.includes('"address": "http://127.3.128.1:5000"'));
  });

  it("leaves a config that is no JSON to the node", async () => {
    const file = join(folder, "broken.json");
    writeFileSync(file, "{");
    ok((await argumentsOf(["-c", file])).includes(`--config=${file}`));
  });

  it("keeps the listeners of a poet at the pod's address, and leaves other programs alone", async () => {
    ok((await argumentsOf(["--restlisten=0.0.0.0:5000"], "spacemeshos/poet")).includes("--restlisten=127.3.1.7:5000"));
    deepStrictEqual(await argumentsOf(["--port=1"], "spacemeshos/other"), ["--port=1"]);
  });
});
