import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type FaultHistory, faultsAt } from "../fault-history";
import { joinChain } from "../node/chain";
import type { Member } from "../node/node-state";
import { type Connection, Links, type Peer } from "./links";

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
  /** Resolves when no write of this node to the network's folder is pending. */
  leave(): Promise<void>;
}

interface SharedNetwork {
  readonly links: Links;
  readonly beacons: Map<string, number>;
  /** Resolves when the notes of beacons are read. */
  readonly opened: Promise<void>;
  saved: Promise<void>;
}

const FILE = "beacons.json";

const Beacons = z.record(z.string(), z.number().int());

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
    gotBeacon(genesis, layer) {
      if (network.beacons.has(genesis)) return;
      network.beacons.set(genesis, layer);
      network.saved = network.saved
        .then(() => save(join(networkFolder, FILE), network.beacons))
        .catch((error: Error) => console.error(`${FILE} was not saved: ${error.message}`));
    },
    async leave() {
      network.links.remove(peer);
      update(Date.now());
      if (network.links.size === 0) networks.delete(networkFolder);
      await Promise.all([chain.leave(), network.saved]);
    },
  };
}

function openNetwork(networkFolder: string): SharedNetwork {
  const beacons = new Map<string, number>();
  const read = async () => {
    const text = await readFile(join(networkFolder, FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    for (const [genesis, layer] of Object.entries(Beacons.parse(JSON.parse(text)))) beacons.set(genesis, layer);
  };
  return { links: new Links(), beacons, opened: read(), saved: Promise.resolve() };
}

/** Replaces the file in one step. A runner killed meanwhile leaves the old file intact. */
async function save(file: string, beacons: ReadonlyMap<string, number>): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(beacons)));
  await rename(`${file}.new`, file);
}
