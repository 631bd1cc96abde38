import { isObject, valueAt } from "../../../base/lib/json";
import { addressProblem } from "../../../base/model/account-address";
import { GREATEST_BALANCE } from "../../../base/model/tap-settings";
import { genesisSeconds, isExtraData, LONGEST_EXTRA_DATA } from "./genesis-id";
import { above, type Broken, type Checked, secondsText } from "./numbers";

/** What must hold of a network's size and identity. @see brokenRules */
export const NETWORK_RULES: readonly ((checked: Checked) => Broken | undefined)[] = [
  epoch,
  clock,
  genesisTime,
  extraData,
  hrp,
  addresses,
  balances,
  smeshers,
  poets,
  peers,
  bootnodes,
  privateNetwork,
  hareEnabled,
  standalone,
];

/** Poets take an epoch in seconds, and all our documents tell a layer in seconds. */
function epoch({ layer, epoch: length }: Checked): Broken | undefined {
  if (layer === undefined || length === undefined || Number.isInteger(length / 1000)) return undefined;
  return {
    rule: "epoch",
    numbers: `An epoch is ${secondsText(length)}, not whole seconds.`,
    fix: "Set layerDuration, and leave main.layer-duration out of nodeConfig.",
  };
}

function clock({ layer, epoch: length, network, count }: Checked): Broken | undefined {
  const layers = count("main", "layers-per-epoch");
  const isOurs = layer === network.layerDuration * 1000 && layers === network.layersPerEpoch;
  if (layer === undefined || length === undefined || !Number.isInteger(length / 1000) || isOurs) return undefined;
  return {
    rule: "clock",
    numbers:
      `Nodes count ${layers} layers of ${secondsText(layer)} an epoch, ` +
      `poets and pages ${network.layersPerEpoch} of ${network.layerDuration} s.`,
    fix: "Set layerDuration and layersPerEpoch, and leave them out of nodeConfig.",
  };
}

/** The driver computes the genesis id ahead, so the config must say what it has stored. */
function genesisTime({ config, network }: Checked): Broken | undefined {
  const time = textAt(config, "genesis-time");
  const isTime = genesisSeconds(time) !== undefined;
  if (isTime && time === network.genesis.time) return undefined;
  return {
    rule: "genesis-time",
    numbers:
      `The genesis time is ${JSON.stringify(time)}, ` +
      `${isTime ? "not the stored one" : "not RFC 3339 in whole seconds"}.`,
    fix: "Leave genesis.genesis-time out of nodeConfig: the driver makes it.",
  };
}

/** go-spacemesh config/genesis.go, Validate: the node ends. */
function extraData({ config, network }: Checked): Broken | undefined {
  const text = textAt(config, "genesis-extra-data");
  if (isExtraData(text) && text === network.genesis.extraData) return undefined;
  const wanted = isExtraData(text) ? `not ${network.genesis.extraData}` : `not 1 to ${LONGEST_EXTRA_DATA} bytes`;
  return {
    rule: "extra-data",
    numbers: `The genesis extra data has ${Buffer.byteLength(text)} bytes and is ${wanted}.`,
    fix: "Leave genesis.genesis-extra-data out of nodeConfig: it is the build tag.",
  };
}

function hrp({ config, network }: Checked): Broken | undefined {
  const value = valueAt(config, ["main", "network-hrp"]);
  if (value === network.hrp) return undefined;
  return {
    rule: "hrp",
    numbers: `Nodes take addresses of ${JSON.stringify(value)}, the setting hrp says ${network.hrp}.`,
    fix: "Set hrp, and leave main.network-hrp out of nodeConfig.",
  };
}

/** go-spacemesh config/genesis.go, ToAccounts: the node ends. */
function addresses({ config, network }: Checked): Broken | undefined {
  const accounts = Object.keys(accountsOf(config)).map((address) => ["accounts", address] as const);
  const all = network.coinbase === "" ? accounts : [["coinbase", network.coinbase] as const, ...accounts];
  const wrong = all.flatMap(([setting, address]) => {
    const problem = addressProblem(address, network.hrp);
    return problem === undefined ? [] : [`${address} (${setting}) ${problem}`];
  });
  if (wrong.length === 0) return undefined;
  return {
    rule: "addresses",
    numbers: `${wrong.join(", ")}.`,
    fix: "Write addresses of this network in coinbase and accounts, or set hrp.",
  };
}

function balances({ config }: Checked): Broken | undefined {
  const wrong = Object.entries(accountsOf(config)).flatMap(([address, balance]) => {
    const value = balanceOf(balance);
    return value !== undefined && value <= GREATEST_BALANCE ? [] : [`${address} has ${String(balance)}`];
  });
  if (wrong.length === 0) return undefined;
  return {
    rule: "balances",
    numbers: `${wrong.join(", ")}; a balance is a whole number of smidge up to ${GREATEST_BALANCE}.`,
    fix: "Write other balances in accounts.",
  };
}

function smeshers({ network }: Checked): Broken | undefined {
  const { smeshers: count, miners } = network;
  if (count >= 1 && count <= miners) return undefined;
  return {
    rule: "smeshers",
    numbers: `${count} of ${miners} nodes smesh.`,
    fix: `Set smeshers to a number from 1 to ${miners}.`,
  };
}

function poets({ config, network }: Checked): Broken | undefined {
  const servers = valueAt(config, ["main", "poet-servers"]);
  const count = Array.isArray(servers) ? servers.length : 0;
  if (network.poets >= 1 && count === network.poets) return undefined;
  return {
    rule: "poets",
    numbers: `Nodes know ${count} poets, the network has ${network.poets}.`,
    fix: "Set poets to 1 or more, and leave main.poet-servers out of nodeConfig.",
  };
}

/** A node waits for its peers before it begins to sync. */
function peers({ network, count }: Checked): Broken | undefined {
  const least = count("p2p", "min-peers");
  if (!above(least, network.miners - 1)) return undefined;
  return {
    rule: "peers",
    numbers: `Nodes wait for ${least} peers, but each has ${network.miners - 1} at most.`,
    fix: "Raise miners, or lower p2p.min-peers in nodeConfig.",
  };
}

function bootnodes({ config, network }: Checked): Broken | undefined {
  const listed = valueAt(config, ["p2p", "bootnodes"]);
  const count = Array.isArray(listed) ? listed.length : 0;
  if (count >= 1 && network.bootnodes <= network.miners) return undefined;
  return {
    rule: "bootnodes",
    numbers: `${count} boot nodes are listed, ${network.bootnodes} of ${network.miners} nodes should be.`,
    fix: "Set bootnodes to a number from 1 to miners, and leave p2p.bootnodes out of nodeConfig.",
  };
}

/** As run: without it, nodes dial no private address and have no peers, without a line in their logs. */
function privateNetwork({ config }: Checked): Broken | undefined {
  if (valueAt(config, ["p2p", "p2p-private-network"]) === true) return undefined;
  return {
    rule: "private-network",
    numbers: "p2p.p2p-private-network is not true, so nodes do not dial the addresses of pods.",
    fix: "Leave it out of nodeConfig.",
  };
}

function hareEnabled({ config, network, count }: Checked): Broken | undefined {
  const from = count("hare3", "enable-layer");
  const isEnabled = valueAt(config, ["hare3", "enable"]) === true;
  if (isEnabled && !above(from, 2 * network.layersPerEpoch)) return undefined;
  return {
    rule: "hare-enabled",
    numbers: isEnabled
      ? `Hare begins in layer ${from}, but blocks in layer ${2 * network.layersPerEpoch}.`
      : "hare3.enable is not true, so no layer has blocks.",
    fix: "Leave hare3.enable and hare3.enable-layer out of nodeConfig.",
  };
}

/** go-spacemesh node/node.go, launchStandalone: such a node has a poet of its own and asks no other. */
function standalone({ config }: Checked): Broken | undefined {
  if (valueAt(config, ["main", "standalone"]) === false) return undefined;
  return {
    rule: "standalone",
    numbers: "main.standalone is not false, so each node would be a network of its own.",
    fix: "Leave it out of nodeConfig.",
  };
}

function textAt(config: Checked["config"], key: string): string {
  const value = valueAt(config, ["genesis", key]);
  return typeof value === "string" ? value : "";
}

function accountsOf(config: Checked["config"]): Readonly<Record<string, unknown>> {
  const accounts = valueAt(config, ["genesis", "accounts"]);
  return isObject(accounts) ? accounts : {};
}

/** A balance, however a config writes it; undefined when it is none. */
function balanceOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value >= 0n ? value : undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}
