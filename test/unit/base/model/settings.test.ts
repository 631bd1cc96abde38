import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert";
import {
  InvalidSettings,
  readableSettings,
  readSettings,
  variableOf,
  withEnvironment,
} from "../../../../infra/base/model/settings";
import { isRefusal, refuses } from "../../../support/errors";
import { SETTINGS_OF_AN_OPERATOR, settingsWith } from "../../../support/settings";

/** The error of settings with these changes. */
function refusal(changes: Record<string, unknown>): InvalidSettings {
  try {
    settingsWith(changes);
  } catch (error) {
    if (error instanceof InvalidSettings) return error;
    throw error;
  }
  throw new Error("the settings were accepted");
}

describe("readSettings", () => {
  it("takes the project's defaults and the settings that an operator adds", () => {
    const settings = settingsWith();
    strictEqual(settings.zone, "spacemesh.io");
    strictEqual(settings.miners, 10);
    strictEqual(settings.versions.poet, "v0.10.10");
  });

  it("takes values as text, numbers and JSON, as Pulumi and the environment give them", () => {
    const settings = settingsWith({
      miners: "25",
      tls: "false",
      channels: '["testnet","devnet"]',
      dnsServers: "127.0.0.1:1,[::1]:2",
    });
    deepStrictEqual(
      [settings.miners, settings.tls, settings.channels, settings.dnsServers],
      [25, false, ["testnet", "devnet"], ["127.0.0.1:1", "[::1]:2"]],
    );
  });

  it("names every mistake on a line of its own, with key, value, expected value and fix", () => {
    const error = refusal({ miners: "many", layerDuration: 0, archive: "bucket", zoneId: undefined });
    isRefusal(error, "SettingsInvalid", { exitCode: 2, names: ["4"] });
    strictEqual(error.lines.length, 4);
    const parts = [
      ["smeshnet:zoneId is not set", "SMESHNET_ZONE_ID"],
      ["smeshnet:miners", '"many"', "2 to 500", "SMESHNET_MINERS"],
      ["smeshnet:layerDuration", " 0,", "1 to 86400", "SMESHNET_LAYER_DURATION"],
      ["smeshnet:archive", '"bucket"', "file:///absolute/folder", "SMESHNET_ARCHIVE"],
    ];
    for (const [i, names] of parts.entries()) {
      for (const name of [...names, "Pulumi.yaml"]) {
        ok(error.lines[i]?.includes(name), `${name} is not in: ${error.lines[i]}`);
      }
    }
  });

  it("names a component without a version by its own key", () => {
    const { poet: _, ...versions } = SETTINGS_OF_AN_OPERATOR.versions as Record<string, string>;
    const names = ["smeshnet:versions.poet is not set", "SMESHNET_VERSIONS"];
    refuses(() => settingsWith({ versions }), "SettingsInvalid", { exitCode: 2, names });
  });

  it("names each unknown component, and the known ones", () => {
    const versions = { ...(SETTINGS_OF_AN_OPERATOR.versions as object), foo: "v1.2.3", bar: "v1.2.3" };
    const lines = refusal({ versions }).lines;
    deepStrictEqual(
      lines.map((line) => line.split(" ")[0]),
      ["smeshnet:versions.foo", "smeshnet:versions.bar"],
    );
    for (const line of lines) ok(line.includes("poet, smapp, tap, "), line);
  });

  const contradictions: [string, Record<string, unknown>, string[]][] = [
    ["as many boot nodes as miners", { miners: 6, bootnodes: 6 }, ["bootnodes is 6", "fewer than the 6 miners"]],
    ["one port for plain HTTP and TLS", { tls: true, port: 80, httpPort: 80 }, ["httpPort is 80", "that of TLS, 80"]],
    ["a discovery host outside the zone", { discoveryHost: "list.example.org" }, ["a host in spacemesh.io"]],
    [
      "a poet's pause as long as the epoch",
      { layerDuration: 10, layersPerEpoch: 4, poetPhaseShift: 1, poetCycleGap: 40 },
      ["poetCycleGap is 40", "40 s"],
    ],
  ];
  const amounts = (changes: object) => ({
    ...{ driver: "kubernetes", kubeContext: "here" },
    tap: { balance: "30", gift: "10", budget: "20", gate: "pow", ...changes },
  });
  contradictions.push(
    ["a budget less than a gift", amounts({ budget: "9" }), ['tap.budget is "9"', "not less than a gift, 10"]],
    ["a balance less than a budget", amounts({ balance: "19" }), ['tap.balance is "19"', "a day's budget, 20"]],
    [
      "a balance that no node holds",
      amounts({ balance: `${2n ** 63n}` }),
      ['tap.balance is "9223372036854775808"', "at most"],
    ],
  );
  it("compares no amounts of a tap that there is not to be", () =>
    strictEqual(settingsWith({ ...amounts({ budget: "9" }), driver: "spacecraft" }).driver, "spacecraft"));
  for (const [what, changes, names] of contradictions) {
    it(`refuses ${what}`, () => refuses(() => settingsWith(changes), "SettingsInvalid", { exitCode: 2, names }));
  }

  it("takes every kind of repository URL", () => {
    for (const nodeRepository of [
      "https://github.com/a/b.git",
      "file:///repo",
      "git@github.com:a/b.git",
      "ssh://git@github.com/a/b",
    ]) {
      strictEqual(settingsWith({ nodeRepository }).nodeRepository, nodeRepository);
    }
  });

  it("refuses a repository URL with a token, which every command line would show, and hides the token", () => {
    const error = refusal({ nodeRepository: "https://x:t0ken@github.com/a/b.git" });
    isRefusal(error, "SettingsInvalid", { exitCode: 2, names: ['"https://***@github.com/a/b.git"', "token"] });
    doesNotMatch(error.message, /t0ken/);
  });

  it("prefers the environment to Pulumi.yaml", () => {
    const source = withEnvironment((key) => SETTINGS_OF_AN_OPERATOR[key], { SMESHNET_NODE_REPOSITORY: "file:///repo" });
    strictEqual(readSettings(source).nodeRepository, "file:///repo");
    strictEqual(variableOf("layersPerEpoch"), "SMESHNET_LAYERS_PER_EPOCH");
  });

  it("takes an empty variable as one that is not set, which a workflow passes for an unset setting", () => {
    const source = withEnvironment((key) => SETTINGS_OF_AN_OPERATOR[key], { SMESHNET_ZONE_ID: "", SMESHNET_PORT: "" });
    const { zoneId, port } = readSettings(source);
    deepStrictEqual([zoneId, port], ["zone", 443]);
  });
});

describe("readableSettings", () => {
  const of = (changes: Record<string, unknown>) =>
    readableSettings((key) => ({ ...SETTINGS_OF_AN_OPERATOR, ...changes })[key]);

  it("are all settings when none is wrong", () => {
    deepStrictEqual(of({}), { settings: settingsWith(), mistakes: [] });
  });

  it("leave out those that are wrong, also one with a default, and name every mistake", () => {
    const { settings, mistakes } = of({ port: "x", exposure: "all", zoneId: undefined, miners: 25 });
    deepStrictEqual(
      [settings.port, settings.exposure, settings.zoneId, settings.miners, settings.storageClass],
      [undefined, undefined, undefined, 25, "default"],
    );
    deepStrictEqual(mistakes.map(({ what }) => what.split(" ")[0]).sort(), [
      "smeshnet:exposure",
      "smeshnet:port",
      "smeshnet:zoneId",
    ]);
  });

  it("name what the driver needs beside other mistakes, once", () => {
    const named = (changes: Record<string, unknown>) => of(changes).mistakes.map(({ what }) => what.split(" ")[0]);
    deepStrictEqual(named({ driver: "kubernetes", port: "x" }), ["smeshnet:port", "smeshnet:kubeContext"]);
    deepStrictEqual(named({ driver: "kubernetes" }), ["smeshnet:kubeContext"]);
  });
});
