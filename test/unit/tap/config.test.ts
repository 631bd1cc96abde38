import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Config, readConfig, TapConfigInvalid, variableOf } from "../../../tap/config";
import { helpText } from "../../../tap/help";
import { smhText } from "../../../tap/web/smidge";
import { refuses } from "../../support/errors";

const GIVEN = {
  TAP_NETWORK: "v1.2.3+1",
  TAP_HRP: "stest",
  TAP_AMOUNT: "10000000000",
  TAP_BUDGET: "1000000000000",
  TAP_DATA_FOLDER: "/var/lib/tap",
  TAP_NODES: "127.0.0.1:9092,127.0.0.2:9092",
};

function linesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    ok(error instanceof TapConfigInvalid);
    return error.lines;
  }
  return [];
}

describe("the settings of a tap", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tap-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("come from variables", () => {
    const config = readConfig({ ...GIVEN, TAP_TRUSTED_PROXIES: "10.0.0.0/8,::1", KEEP: "x" });
    strictEqual(config.amount, 10_000_000_000n);
    deepStrictEqual(config.nodes, ["127.0.0.1:9092", "127.0.0.2:9092"]);
    deepStrictEqual(config.trustedProxies, ["10.0.0.0/8", "::1"]);
    deepStrictEqual([config.gate, config.powBits, config.listen], ["pow", 20, "127.0.0.1:8080"]);
  });

  it("come from a file, and a variable wins", () => {
    const path = join(folder, "tap.json");
    const { TAP_NODES: _, ...others } = GIVEN;
    writeFileSync(path, JSON.stringify({ nodes: ["127.0.0.9:9092"], amount: 5, gate: "none" }));
    const config = readConfig({ ...others, TAP_CONFIG: path });
    deepStrictEqual(config.nodes, ["127.0.0.9:9092"]);
    strictEqual(config.gate, "none");
    strictEqual(config.amount, 10_000_000_000n);
  });

  it("are refused with all mistakes at once", () => {
    const path = join(folder, "wrong.json");
    writeFileSync(path, JSON.stringify({ speed: 3 }));
    const lines = linesOf({
      TAP_CONFIG: path,
      TAP_AMOUNT: "1e9",
      TAP_BUDGET: "0",
      TAP_HRP: "S1",
      TAP_DATA_FOLDER: "tap",
      TAP_TRUSTED_PROXIES: "10.0.0.0/40",
      TAP_EXPLORER: "https://explorer.example.net/",
      TAP_NODES: ",",
    });
    const wrong = ["amount", "budget", "dataFolder", "explorer", "hrp", "network", "nodes", "speed", "trustedProxies"];
    deepStrictEqual(lines.map((line) => line.split(" ")[0]).sort(), wrong);
  });

  it("are refused when a gift is more than the budget", () =>
    deepStrictEqual(linesOf({ ...GIVEN, TAP_BUDGET: "1" }).length, 1));

  it("are refused when their file is missing or no JSON", () => {
    refuses(() => readConfig({ ...GIVEN, TAP_CONFIG: join(folder, "none") }), "TapFileUnreadable", { exitCode: 2 });
    writeFileSync(join(folder, "text"), "hello");
    refuses(() => readConfig({ ...GIVEN, TAP_CONFIG: join(folder, "text") }), "TapConfigNotJson", { exitCode: 2 });
  });

  it("hold no seed, which has its own variables", () => doesNotMatch(Object.keys(Config.shape).join(), /seed|key/i));

  it("all stand in the help", () => {
    const help = helpText();
    for (const key of Object.keys(Config.shape)) match(help, new RegExp(`^  ${variableOf(key)}$`, "m"));
    for (const line of help.split("\n")) ok(line.length <= 140, line);
  });
});

describe("an amount", () => {
  for (const [smidge, text] of [
    [10_000_000_000n, "10 SMH"],
    [1_500_000_000n, "1.5 SMH"],
    [1_234_567_890_000_000_000n, "1 234 567 890 SMH"],
    [50_000_000n, "0.05 SMH"],
    [999n, "999 smidge"],
    [0n, "0 SMH"],
  ] as const)
    it(`of ${smidge} smidge is ${text}`, () => strictEqual(smhText(smidge), text));

  it("needs no rounding up", () => throws(() => strictEqual(smhText(1_999_999_999n), "2 SMH")));
});
