import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert";
import { parseCommandLine, UsageError } from "../../../../../sandbox/spacecraft/command-line";
import { chunks, numbers } from "../../../../../sandbox/spacecraft/create-network";
import { failAt, parseFailure } from "../../../../../sandbox/spacecraft/failures";
import { clockOf, withBootnodes, withGenesis, withPoet } from "../../../../../sandbox/spacecraft/node-config";
import { deployment, flag, sleepingAfter } from "../../../../../sandbox/spacecraft/objects";
import { isTodaysPoet, poetFlags } from "../../../../../sandbox/spacecraft/poet-flags";
import { DEFAULTS, type Key, readConfigFile, resolveSettings } from "../../../../../sandbox/spacecraft/settings";
import { identityIn } from "../../../../../sandbox/spacecraft/workloads";

const settings = (flags: Record<string, string>, env = {}, file = {}) =>
  resolveSettings({ flags: new Map(Object.entries(flags)), env, file });

describe("go-spacecraft's settings", () => {
  it("prefer the flag, then the environment, then the file, then the default", () => {
    const key: Key = "gcp-project";
    const env = { SPACECRAFT_GCP_PROJECT: "env" };
    const file = { [key]: "file" };
    deepStrictEqual(
      [
        settings({ [key]: "flag" }, env, file)[key],
        settings({}, env, file)[key],
        settings({}, {}, file)[key],
        settings({})[key],
      ],
      ["flag", "env", "file", ""],
    );
  });

  it("let environment and file beat the flags that several commands share", () => {
    const key: Key = "go-sm-image";
    const file = { [key]: "file" };
    deepStrictEqual(
      [
        settings({ [key]: "flag" }, { SPACECRAFT_GO_SM_IMAGE: "env" }, file)[key],
        settings({ [key]: "flag" }, {}, file)[key],
        settings({ [key]: "flag" })[key],
      ],
      ["env", "file", "flag"],
    );
  });

  it("take an empty variable for none", () => {
    strictEqual(settings({}, { SPACECRAFT_NETWORK_NAME: "" })["network-name"], "mininet");
  });

  it("convert loosely and leave the default where they cannot", () => {
    const {
      miners,
      metrics,
      poets,
      "logs-expiry": expiry,
    } = settings({}, { SPACECRAFT_MINERS: "25", SPACECRAFT_METRICS: "t" }, { poets: "many", "logs-expiry": 7 });
    deepStrictEqual([miners, metrics, poets, expiry], [25, true, 1, "7"]);
  });

  it("take a missing or broken file for an empty one", () => {
    deepStrictEqual(
      [readConfigFile("/none.json"), readConfigFile(__filename), readConfigFile(undefined)],
      [{}, {}, {}],
    );
  });
});

describe("go-spacecraft's command line", () => {
  it("takes long and short flags, with and without an equals sign", () => {
    const { command, config, flags } = parseCommandLine(
      "createNetwork --config c.json -n one -m=3 --poets 2 --metrics --bootstrap=false".split(" "),
    );
    deepStrictEqual([command, config], ["createNetwork", "c.json"]);
    deepStrictEqual(
      ["network-name", "miners", "poets", "metrics", "bootstrap"].map((name) => flags.get(name)),
      ["one", "3", "2", "true", "false"],
    );
  });

  it("takes flags before the command", () => {
    const { command, flags } = parseCommandLine(["-n", "hosts", "list"]);
    deepStrictEqual([command, flags.get("network-name")], ["list", "hosts"]);
  });

  it("is refused in Cobra's words when a command, a flag or a value is wrong", () => {
    const refused = (line: string, message: string) =>
      throws(() => parseCommandLine(line.split(" ")), { name: "UsageError", message });
    refused("createnetwork", 'unknown command "createnetwork" for "spacecraft"');
    refused("hosts --miners 3", "unknown flag: --miners");
    refused("createNetwork --miners", "flag needs an argument: --miners");
    refused(
      "createNetwork --miners many",
      'invalid argument "many" for "--miners" flag: strconv.ParseInt: parsing "many": invalid syntax',
    );
  });

  it("shows the usage of the command whose flag is wrong", () => {
    throws(
      () => parseCommandLine(["hosts", "--bogus"]),
      (error) => error instanceof UsageError && error.usage.startsWith("Usage:\n  spacecraft hosts [flags]"),
    );
  });

  it("knows commands that are not played, whatever their flags", () => {
    strictEqual(parseCommandLine(["deployWS", "--tls-crt", "x"]).command, "deployWS");
  });
});

describe("a node config in go-spacecraft's hands", () => {
  const config = { main: { "layer-duration-sec": 30, "layers-per-epoch": 4 }, p2p: { "network-id": 7 } };

  it("gets the time of genesis and the number of miners", () => {
    const { main } = withGenesis(config, { ...DEFAULTS, miners: 3 }, new Date("2026-01-01T00:00:00.500Z"));
    deepStrictEqual([main?.["genesis-time"], main?.["genesis-active-size"]], ["2026-01-01T00:10:00Z", 3]);
  });

  it("gets poet and bootnodes and keeps what else it holds", () => {
    deepStrictEqual(withBootnodes(withPoet(config, "127.1.64.1:30000"), ["/ip4/127.1.64.1/tcp/5001/p2p/id"]), {
      main: { ...config.main, "poet-server": "127.1.64.1:30000" },
      p2p: { "network-id": 7, bootnodes: ["/ip4/127.1.64.1/tcp/5001/p2p/id"] },
    });
  });

  it("tells the clock, or which number is missing", () => {
    strictEqual(clockOf(config).epochDuration, 120);
    throws(() => clockOf({ main: { "layers-per-epoch": 4 } }), /cannot read layer-duration-sec from config file/);
  });
});

describe("what go-spacecraft starts", () => {
  const clock = { genesisTime: "2026-01-01T00:00:00Z", layerDuration: 30, epochDuration: 120 };

  it("is a poet with today's flags from 0.10 on", () => {
    deepStrictEqual(
      [
        "spacemeshos/poet:v0.10.10",
        "spacemeshos/poet:1.0.0",
        "spacemeshos/poet:v0.9.1",
        "spacemeshos/poet:develop",
      ].map(isTodaysPoet),
      [true, true, false, false],
    );
  });

  it("gives today's poet the network's clock and the phases of the node config", () => {
    const config = { poet: { "phase-shift": "60s", "cycle-gap": "30s" } };
    deepStrictEqual(poetFlags("spacemeshos/poet:v0.10.10", clock, config, 630), [
      "--restlisten=0.0.0.0:5000",
      "--jsonlog",
      "--genesis-time=2026-01-01T00:00:00Z",
      "--epoch-duration=120s",
      "--phase-shift=60s",
      "--cycle-gap=30s",
    ]);
  });

  it("gives an old poet its first round", () => {
    const flags = poetFlags("spacemeshos/poet:develop", clock, {}, 630);
    deepStrictEqual(flags.slice(2), ["--initialduration=630s", "--configfile=/etc/config/config.conf"]);
  });

  it("is one line for a shell that sleeps afterwards", () => {
    strictEqual(sleepingAfter("/bin/poet", [flag("restlisten", "x")]), "/bin/poet --restlisten=x ; sleep 100000000");
  });

  it("is bound to a node and to a port of it when told", () => {
    const { spec } = deployment({
      name: "miner-1",
      container: "miner",
      image: "spacemeshos/go-spacemesh:v1",
      commandLine: "/bin/go-spacemesh",
      labels: { app: "miner" },
      ports: [6000],
      hostPort: 5001,
      cpu: "1",
      memory: "2",
      dataPath: "/root/data",
      node: "node-1",
      recreate: true,
    });
    const pod = spec?.template.spec;
    deepStrictEqual(pod?.nodeSelector, { "kubernetes.io/hostname": "node-1" });
    deepStrictEqual(
      pod?.containers[0]?.ports?.map(({ hostPort, protocol }) => [hostPort, protocol]),
      [
        [5001, "TCP"],
        [5001, "UDP"],
        [undefined, undefined],
      ],
    );
    deepStrictEqual(spec?.strategy, { type: "Recreate" });
  });

  it("is known by the identity in its log, in either form", () => {
    strictEqual(identityIn('{"M":"Local node identity >> abc"}'), "abc");
    strictEqual(identityIn('{"a":"b","identity":"def","c":1}'), "def");
    strictEqual(identityIn("starting"), undefined);
  });

  it("comes in groups of the size that is allowed at once", () => {
    deepStrictEqual(chunks(numbers(8, 12), 2), [[8, 9], [10, 11], [12]]);
    deepStrictEqual(chunks(numbers(8, 7), 2), []);
  });
});

describe("a failure that is played", () => {
  it("is read from its word", () => {
    deepStrictEqual(
      [parseFailure("hang:miner"), parseFailure("bucket"), parseFailure("lie"), parseFailure("")],
      [{ kind: "hang", step: "miner" }, { kind: "error", step: "bucket" }, { kind: "lie" }, undefined],
    );
    throws(
      () => parseFailure("often"),
      /SANDBOX_SPACECRAFT_FAIL is "often".*cluster\|config\|poet\|miner\|start\|bucket, hang:STEP or lie/,
    );
  });

  it("comes at its step and at no other", async () => {
    const failure = parseFailure("start");
    await failAt("poet", failure);
    await rejects(failAt("start", failure), /gateway not reachable/);
  });
});
