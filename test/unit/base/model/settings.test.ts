import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { type InvalidSettings, readSettings, variableOf, withEnvironment } from "../../../../infra/base/model/settings";
import { SETTINGS_OF_AN_OPERATOR, settingsWith } from "../../../support/settings";

describe("settings", () => {
  it("are complete with the project's defaults and what an operator adds", () => {
    const settings = settingsWith();
    strictEqual(settings.zone, "spacemesh.io");
    strictEqual(settings.miners, 10);
    strictEqual(settings.versions.poet, "v0.10.10");
  });

  it("come as text, numbers, and JSON alike, as Pulumi and the environment give them", () => {
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

  it("name every mistake at once, each with key, value and what is wanted", () => {
    const wrong = { miners: "many", layerDuration: 0, archive: "bucket", zoneId: undefined };
    const read = () => settingsWith(wrong);
    throws(read, (error: InvalidSettings) => {
      strictEqual(error.mistakes.length, 4);
      for (const part of [
        'smeshnet:miners is "many": wanted how many nodes',
        "smeshnet:layerDuration is 0: wanted the length of a layer in seconds, 1 to 86400",
        'smeshnet:archive is "bucket": wanted the URL of the archive store',
        "smeshnet:zoneId is not set",
      ]) {
        strictEqual(error.message.includes(part), true, `${part} in ${error.message}`);
      }
      return true;
    });
  });

  it("name a component whose version is missing by its own key", () => {
    const { poet: _, ...versions } = SETTINGS_OF_AN_OPERATOR.versions as Record<string, string>;
    throws(() => settingsWith({ versions }), /smeshnet:versions\.poet is not set/);
  });

  const contradictions: [string, Record<string, unknown>, RegExp][] = [
    ["as many boot nodes as miners", { miners: 6, bootnodes: 6 }, /bootnodes is 6: wanted fewer than the 6 miners/],
    ["a discovery host outside the zone", { discoveryHost: "list.example.org" }, /wanted a host in spacemesh\.io/],
    [
      "a poet's pause as long as the epoch",
      { layerDuration: 10, layersPerEpoch: 4, poetPhaseShift: 1, poetCycleGap: 40 },
      /poetCycleGap is 40: wanted less than the epoch's 40 s/,
    ],
  ];
  for (const [what, changes, message] of contradictions) {
    it(`refuse ${what}`, () => throws(() => settingsWith(changes), message));
  }

  it("take a repository by any URL of git's but one with a token, which would show in every command line", () => {
    for (const nodeRepository of [
      "https://github.com/a/b.git",
      "file:///repo",
      "git@github.com:a/b.git",
      "ssh://git@github.com/a/b",
    ]) {
      strictEqual(settingsWith({ nodeRepository }).nodeRepository, nodeRepository);
    }
    const secret = "https://x:t0ken@github.com/a/b.git";
    throws(
      () => settingsWith({ nodeRepository: secret }),
      /is "https:\/\/\*\*\*@github\.com\/a\/b\.git": .* no token in it/,
    );
  });

  it("are overruled by the environment", () => {
    const source = withEnvironment((key) => SETTINGS_OF_AN_OPERATOR[key], { SMESHNET_NODE_REPOSITORY: "file:///repo" });
    strictEqual(readSettings(source).nodeRepository, "file:///repo");
    strictEqual(variableOf("layersPerEpoch"), "SMESHNET_LAYERS_PER_EPOCH");
  });
});
