import type { Faults } from "../../kubernetes/faults";
import { isDeaf } from "../node/node-state";

/** A node as its peers see it. */
export interface Peer {
  /** Name of its Deployment. Faults name nodes by it. */
  readonly name: string;
  /** Peer id, e.g. `12D3KooW...`. */
  readonly id: string;
  /** Peer ids of its bootnodes. */
  readonly bootnodes: readonly string[];
  /** Id of its genesis under the faults, in hex. Nodes with another one refuse each other's handshake. */
  genesis(faults: Faults): string;
}

/** A node's connection to the others. */
export interface Connection {
  readonly peers: number;
  /** When it got its first peer after it had none, in milliseconds since 1970; undefined while it has none. */
  readonly since: number | undefined;
  /** When it lost its last peer, or started; undefined while it has peers. */
  readonly aloneSince: number | undefined;
}

const ALONE: Connection = { peers: 0, since: undefined, aloneSince: 0 };

/**
 * Who is connected to whom. Nodes find each other by a bootnode that runs: all nodes of one genesis that bootnodes or
 * earlier connections join are connected to each other. A connection outlives the bootnode that made it.
 */
export class Links {
  private readonly links = new Map<Peer, Set<Peer>>();
  private readonly connections = new Map<Peer, Connection>();

  get size(): number {
    return this.links.size;
  }

  add(peer: Peer, now: number): void {
    this.links.set(peer, new Set());
    this.connections.set(peer, { peers: 0, since: undefined, aloneSince: now });
  }

  remove(peer: Peer): void {
    this.links.delete(peer);
    this.connections.delete(peer);
  }

  connection(peer: Peer): Connection {
    return this.connections.get(peer) ?? ALONE;
  }

  /** Ends the connections of nodes that left or do not hear, and makes those that are possible now. */
  update(faults: Faults, now: number): void {
    const open = [...this.links.keys()].filter(({ name }) => !isDeaf(name, faults));
    const groups = this.groups(open, faults);
    for (const peer of this.links.keys()) {
      const others = new Set(groups.get(peer) ?? []);
      others.delete(peer);
      this.links.set(peer, others);
      this.connections.set(peer, changed(this.connection(peer), others.size, now));
    }
  }

  /** The nodes that each node can reach, itself included. */
  private groups(open: readonly Peer[], faults: Faults): Map<Peer, Set<Peer>> {
    const groups = new Map(open.map((peer) => [peer, new Set([peer])]));
    const genesis = new Map(open.map((peer) => [peer, peer.genesis(faults)]));
    for (const one of open) {
      for (const other of open) {
        const meets = one.bootnodes.includes(other.id) || this.links.get(one)?.has(other);
        const mine = groups.get(one);
        const theirs = groups.get(other);
        if (!meets || !mine || !theirs || mine === theirs || genesis.get(one) !== genesis.get(other)) continue;
        for (const peer of theirs) {
          mine.add(peer);
          groups.set(peer, mine);
        }
      }
    }
    return groups;
  }
}

function changed(before: Connection, peers: number, now: number): Connection {
  if (peers === 0) return { peers, since: undefined, aloneSince: before.aloneSince ?? now };
  return { peers, since: before.since ?? now, aloneSince: undefined };
}

/** Peer ids at the end of addresses such as `/dns4/miner-1/tcp/7513/p2p/12D3KooW...`. */
export const peerIdsOf = (addresses: readonly string[]): string[] =>
  addresses.flatMap((address) => address.split("/p2p/")[1] ?? []);
