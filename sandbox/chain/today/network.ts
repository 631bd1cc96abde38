import { join } from "node:path";
import { type FaultHistory, faultsAt } from "../fault-history";
import { joinChain } from "../node/chain";
import type { Member } from "../node/node-state";
import { Ledger } from "./ledger/ledger";
import { type Connection, Links, type Peer } from "./links";
import { Notes } from "./notes";

/** A node's membership in the network of its namespace. */
export interface Membership {
  /** The faults so far. */
  history(): FaultHistory;
  /** The node's connection at a time. @param now milliseconds since 1970 */
  connection(now: number): Connection;
  /** Layer at which the network of a genesis got the beacon of epoch 2; undefined without one. @param genesis hex */
  beaconLayer(genesis: string): number | undefined;
  /** Notes that the node got the beacon. The first note of a genesis counts. */
  gotBeacon(genesis: string, layer: number): void;
  /** When the first node of a genesis that smeshes started, in milliseconds since 1970; undefined when none did. */
  smeshesSince(genesis: string): number | undefined;
  /** Notes that the node smeshes. */
  smeshes(genesis: string, since: number): void;
  /** The transactions that the nodes share. */
  readonly ledger: Ledger;
  /** Resolves when no write of this node to the network's folder is pending. */
  leave(): Promise<void>;
}

interface SharedNetwork {
  readonly links: Links;
  readonly beacons: Notes;
  readonly smeshers: Notes;
  readonly ledger: Ledger;
  /** Resolves when the notes are read. */
  readonly opened: Promise<unknown>;
}

/** File of a network that tells since when it smeshes. */
export const SMESHERS = "smeshers.json";

/** File of a network's transactions. */
const TRANSACTIONS = "transactions.ndjson";

/** The networks of this process, by their folder. */
const networks = new Map<string, SharedNetwork>();

/**
 * Adds a node to the network of its folder. Calls back whenever the faults change.
 * @param networkFolder folder of the network in the sandbox
 */
export async function joinNetwork(
  networkFolder: string,
  member: Member,
  peer: Peer,
  faultsChanged: () => void,
): Promise<Membership> {
  const network = networks.get(networkFolder) ?? openNetwork(networkFolder);
  networks.set(networkFolder, network);
  const chain = await joinChain(networkFolder, member, faultsChanged);
  await network.opened;
  const update = (now: number) => network.links.update(faultsAt(chain.history(), now), now);
  network.links.add(peer, member.startedAt);
  update(Date.now());
  return {
    history: chain.history,
    connection(now) {
      update(now);
      return network.links.connection(peer);
    },
    beaconLayer: (genesis) => network.beacons.get(genesis),
    gotBeacon: (genesis, layer) => network.beacons.note(genesis, layer),
    smeshesSince: (genesis) => network.smeshers.get(genesis),
    smeshes: (genesis, since) => network.smeshers.note(genesis, since),
    ledger: network.ledger,
    async leave() {
      network.links.remove(peer);
      update(Date.now());
      if (network.links.size === 0) networks.delete(networkFolder);
      await Promise.all([chain.leave(), network.beacons.saved(), network.smeshers.saved()]);
    },
  };
}

function openNetwork(networkFolder: string): SharedNetwork {
  const beacons = new Notes(join(networkFolder, "beacons.json"));
  const smeshers = new Notes(join(networkFolder, SMESHERS));
  const ledger = new Ledger(join(networkFolder, TRANSACTIONS));
  ledger.read();
  return { links: new Links(), beacons, smeshers, ledger, opened: Promise.all([beacons.read(), smeshers.read()]) };
}
