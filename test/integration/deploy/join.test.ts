import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NodeClient } from "../../../infra/base/clients/node/client";
import { isObject } from "../../../infra/base/lib/json";
import type { NetworkListInput } from "../../../infra/base/model/network-list";
import { hostAndPort } from "../../../infra/base/web/format";
import type { InfoPageInput } from "../../../infra/deploy/info-page/input";
import { renderInfoPage } from "../../../infra/deploy/info-page/render";
import { configText } from "../../../infra/deploy/network/kubernetes/config-text";
import { multiaddress } from "../../../infra/deploy/network/kubernetes/facts";
import { joinConfigOf } from "../../../infra/deploy/network/kubernetes/join-config";
import { nodeConfigOf } from "../../../infra/deploy/network/kubernetes/node-config";
import { parseFlags } from "../../../sandbox/chain/today/flags";
import { peerKeyOf } from "../../../sandbox/chain/today/node-keys";
import { networkFolder } from "../../../sandbox/kubernetes/cluster-record";
import { ChainWorld, until } from "../../support/chain-world";
import { ServedEdge } from "../../support/join/edge";
import { Joiner } from "../../support/join/joiner";
import { type Call, lineOf } from "../../support/join/programs";
import { waysOn } from "../../support/join/ways";
import { kubernetesSpec } from "../../support/kubernetes-spec";
import { smappTakesConfig, smappTakesEntry } from "../../support/list-readers";
import { SAMPLE_NETWORK, SAMPLE_TODAY } from "../../support/sample-network";
import { testAddress } from "../../support/tap/addresses";
import { JSON_PORT, PUBLIC_PORT, type TodayNode, TodayWorld } from "../../support/today-world";

const IMAGE = SAMPLE_TODAY.versions.node.image ?? "";
const CHANNEL = { name: "testnet", release: "v1.2.3" };

/** The titles of the ways whose lines are others on another page. */
const differences = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] =>
  [...one].flatMap(([title, lines]) => (other.get(title) === lines ? [] : [title]));

describe("The ways to join on an info page", function () {
  this.timeout(40_000);
  let edge: ServedEdge;
  let joiner: Joiner;
  let neighbour: Joiner;
  let end: () => Promise<void>;

  before(() => {
    edge = new ServedEdge();
  });
  after(() => edge.end());
  beforeEach(() => {
    joiner = new Joiner();
    neighbour = new Joiner();
  });
  afterEach(async () => {
    await end();
    joiner.end();
    neighbour.end();
  });

  /** The one call of some lines of a page. */
  const called = async (lines: string, by = joiner): Promise<Call> => {
    const { calls } = await by.run(lines);
    strictEqual(calls.length, 1, JSON.stringify(calls));
    return calls[0] ?? { program: "", args: [] };
  };

  /** Starts the node of a call. */
  async function start(world: ChainWorld, call: Call, number: number, network: string, by = joiner) {
    const { image = IMAGE, args, mounts } = by.nodeOf(call);
    const log: string[] = [];
    // Nodes with numbers that 4 divides sync soonest.
    const context = world.context(image, `joiner-${4 * number}-5d9c7b6f4-x2x9k`);
    const command = ["/bin/go-spacemesh"];
    const note = (line: string) => log.push(line);
    const node = await world.start({ ...context, command, args, mounts, networkFolder: network, log: note });
    return { ...node, log, address: context.address };
  }

  /** Waits until a node at an address has peers and is synced, and answers its genesis id. */
  async function joined(address: string): Promise<string> {
    const client = new NodeClient({ address: `${address}:${PUBLIC_PORT}` });
    try {
      await until("the node is in the network", async () => {
        const status = await client.status().catch(() => undefined);
        return status?.isSynced && status.connectedPeers > 0;
      });
      return await client.genesisId();
    } finally {
      client.close();
    }
  }

  /** What Smapp does with the list that its command names: it finds the network, its config and its API. */
  async function bySmapp(call: Call, network: InfoPageInput) {
    const list: unknown = await (await fetch(lineOf(call).flags.get("--discovery") ?? "")).json();
    const entry: unknown = Array.isArray(list) ? list[0] : undefined;
    ok(smappTakesEntry(entry) && isObject(entry));
    strictEqual(entry.netName, "v1.2.3+1");
    const config: unknown = await (await fetch(String(entry.conf))).json();
    const client = new NodeClient({ address: hostAndPort(String(entry.grpcAPI)) });
    strictEqual(await client.genesisId().finally(() => client.close()), network.genesisId);
    return config;
  }

  describe("of a network of today", () => {
    let world: TodayWorld;
    let network: InfoPageInput & NetworkListInput;
    let ways: ReadonlyMap<string, string>;
    const way = (title: string): string => ways.get(title) ?? "";
    const begin = (call: Call, number: number, by = joiner) => start(world.world, call, number, world.network(), by);

    beforeEach(async () => {
      world = await TodayWorld.make(60);
      end = () => world.end();
      const spec = kubernetesSpec({ layerDuration: 1, layersPerEpoch: 8, poetPhaseShift: 3, poetCycleGap: 4 });
      const genesisTime = new Date(world.genesisTime).toISOString().replace(".000Z", "Z");
      const made = { genesisTime, peerIds: [], poetKeys: [], bootstrapUrl: "" };
      const nodeConfig: Record<string, unknown> = JSON.parse(configText(nodeConfigOf(spec, made)));
      const { genesis, main, syncer, hare3, poet } = nodeConfig;
      const wish = { bootnode: 4, config: { genesis, main, syncer, hare3, poet } };
      const nodes = await Promise.all([4, 8].map((number) => world.node(number, wish)));
      const [first, second] = nodes as [TodayNode, TodayNode];
      const poetUrl = await world.serve({ "v1/info": { phaseShift: "3s", cycleGap: "4s", certifier: null } });
      const p2p = nodes.map(({ address, data }) =>
        multiaddress(`${address}:7513`, peerKeyOf(readFileSync(join(data, "p2p/p2p.key"), "utf8")).id),
      );
      const joinConfig = joinConfigOf({
        ...{ genesisTime, layerDuration: 1, layersPerEpoch: 8, hrp: "stest", preset: "fastnet", accounts: {} },
        ...{ extraData: "v1.2.3+1", poets: [{ address: poetUrl, pubkey: "AAAA" }], bootnodes: p2p, nodeConfig },
        poet: { phaseShift: 3, cycleGap: 4 },
        post: { labelsPerUnit: 128, minNumUnits: 2, maxNumUnits: 4 },
      });
      const at = ({ address }: TodayNode) => ({
        ...SAMPLE_TODAY.endpoints,
        grpc: `http://${address}:${PUBLIC_PORT}/`,
        json: `http://${address}:${JSON_PORT}/`,
      });
      const client = new NodeClient({ address: `${first.address}:${PUBLIC_PORT}` });
      const genesisId = await client.genesisId().finally(() => client.close());
      const facts = { ...SAMPLE_TODAY.facts, genesisTime, p2p, genesisId, nodeConfig: joinConfig };
      const discoveryUrl = await edge.url();
      network = { ...SAMPLE_TODAY, endpoints: at(first), discoveryUrl, genesisId, facts };
      await edge.publish(network);
      ways = waysOn(renderInfoPage(network));
      const ofChannel = waysOn(renderInfoPage({ ...network, endpoints: at(second), channel: CHANNEL }));
      deepStrictEqual(differences(ways, ofChannel), ["The API"]);
      await joiner.run(ofChannel.get("The API") ?? "");
    });

    it("lead a node in Docker, one from a binary and one that smeshes into the network", async () => {
      const coinbase = testAddress(1);
      const [docker, binary] = [await called(way("A node in Docker")), await called(way("A node from a binary"))];
      await called(way("A node from a binary"), neighbour);
      const smesh = await called(way("Smesh").replace("YOUR_ADDRESS", coinbase), neighbour);
      strictEqual(parseFlags(smesh.args).get("smeshing-coinbase"), coinbase);
      const nodes = await Promise.all([begin(docker, 1), begin(binary, 2), begin(smesh, 3, neighbour)]);
      const ids = await Promise.all(nodes.map(({ address }) => joined(address)));
      deepStrictEqual(new Set(ids), new Set([network.genesisId]));
    });

    it("would not, with a flag, a config or a wallet's file that programs do not take", async () => {
      const binary = way("A node from a binary");
      const wrong = await begin(await called(binary.replace(" -d ", " --datadir ")), 1);
      deepStrictEqual(await wrong.ended, { exitCode: 1, reason: "Error" });
      match(wrong.log.join("\n"), /unknown flag: --datadir/);
      const facts = { ...network.facts, nodeConfig: JSON.stringify({ p2p: { "network-id": 7 } }) };
      await edge.publish({ ...network, facts });
      const other = await begin(await called(binary), 2);
      deepStrictEqual(await other.ended, { exitCode: 1, reason: "Error" });
      match(other.log.join("\n"), /'p2p' has invalid keys: network-id/);
      await rejects(joiner.run(binary.replace("config.json", "config.yaml")));
      await rejects(joiner.run(way("smcli").replace(/~\S+/, "my_wallet.json")));
      const prefixed = { program: "smcli", args: ["wallet", "create", "--hrp", "stest"] };
      throws(() => lineOf(prefixed), /unknown flag of smcli wallet create: --hrp/);
    });

    it("lead wallets to the network and its API", async () => {
      const config = await bySmapp(await called(way("Smapp")), network);
      ok(smappTakesConfig(config));
      const { calls } = await joiner.run(way("smcli"));
      deepStrictEqual(
        calls.map((call) => lineOf(call).flags.get("--hrp")),
        [undefined, "stest"],
      );
      const { stdout } = await joiner.run(way("The API"));
      const id = Buffer.from(network.genesisId, "hex").toString("base64");
      match(stdout, /"status":"SYNC_STATUS_/);
      ok(stdout.includes(`"genesisId":"${id}"`), stdout);
    });
  });

  describe("of a network of go-spacecraft", () => {
    it("lead nodes and wallets to the network", async () => {
      const world = await ChainWorld.make(60);
      end = () => world.end();
      const [first, second] = [await world.node(1), await world.node(2)];
      const nodeConfig = readFileSync(join(world.folder, "config.json"), "utf8");
      const at = (address: string) => ({ ...SAMPLE_NETWORK.endpoints, grpc: `http://${address}:6000/` });
      const client = new NodeClient({ address: `${first.address}:6000` });
      const genesisId = await client.genesisId().finally(() => client.close());
      const facts = { ...SAMPLE_NETWORK.facts, nodeConfig };
      const discoveryUrl = await edge.url();
      const network = { ...SAMPLE_NETWORK, endpoints: at(first.address), discoveryUrl, genesisId, facts };
      await edge.publish(network);
      const ways = waysOn(renderInfoPage(network));
      const ofChannel = waysOn(renderInfoPage({ ...network, endpoints: at(second.address), channel: CHANNEL }));
      deepStrictEqual(differences(ways, ofChannel), ["CLIWallet"]);

      const nodes = ["A node in Docker", "A node from a binary"].map(async (title, i) => {
        const call = await called(ways.get(title) ?? "", [joiner, neighbour][i]);
        const { args } = joiner.nodeOf(call);
        deepStrictEqual([...lineOf({ program: "go-spacemesh", args }).flags.keys()], ["--config", "--data-folder"]);
        return start(world, call, i + 1, networkFolder(world.folder, "default"), [joiner, neighbour][i]);
      });
      const ids = await Promise.all(nodes.map(async (node) => joined((await node).address)));
      deepStrictEqual(ids, [genesisId, genesisId]);
      await bySmapp(await called(ways.get("Smapp") ?? ""), network);
      for (const lines of [ways, ofChannel].map((page) => page.get("CLIWallet") ?? "")) {
        const server = new NodeClient({ address: lineOf(await called(lines)).flags.get("-server") ?? "" });
        strictEqual(await server.genesisId().finally(() => server.close()), genesisId);
      }
    });
  });
});
