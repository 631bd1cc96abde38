import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Faults, watchFaults } from "../../kubernetes/faults";
import { type FaultHistory, faultsAt, recordFaults } from "../fault-history";
import { isDeaf, type Member } from "./node-state";

/** State that the simulated nodes of a network share: the faults so far, and each other. */
export interface Chain {
  /** The faults so far. They outlive the runner, so that a stalled network stays stalled after a restart. */
  history(): FaultHistory;
  /** Number of the network's nodes that this node is connected to. */
  peersOf(member: Member): number;
}

interface SharedChain extends Chain {
  /** The nodes, each with its callback for changed faults. */
  readonly members: Map<Member, () => void>;
  /** Resolves when the history is read. */
  readonly opened: Promise<void>;
  close(): Promise<void>;
}

/** A node's membership in its chain. */
export interface Membership extends Chain {
  /** Resolves when no write of this node to the network's folder is pending. */
  leave(): Promise<void>;
}

/** The chains of this process, by their network's folder. */
const chains = new Map<string, SharedChain>();

/**
 * Adds a node to the chain of its network. Calls back whenever the faults change.
 * @param networkFolder folder of the network in the sandbox
 */
export async function joinChain(networkFolder: string, member: Member, faultsChanged: () => void): Promise<Membership> {
  const chain = chains.get(networkFolder) ?? openChain(networkFolder);
  chains.set(networkFolder, chain);
  chain.members.set(member, faultsChanged);
  await chain.opened;
  return {
    history: chain.history,
    peersOf: chain.peersOf,
    async leave() {
      chain.members.delete(member);
      if (chain.members.size > 0) return;
      chains.delete(networkFolder);
      await chain.close();
    },
  };
}

function openChain(networkFolder: string): SharedChain {
  const file = join(networkFolder, "fault-history.json");
  const members = new Map<Member, () => void>();
  const closing = new AbortController();
  let history: FaultHistory = [];
  let saving = Promise.resolve();

  const take = (faults: Faults) => {
    const next = recordFaults(history, faults, Date.now());
    if (next === history) return;
    history = next;
    saving = saving
      .then(() => saveHistory(file, next))
      .catch((error: Error) => console.error(`${file} was not saved: ${error.message}`));
    for (const faultsChanged of members.values()) faultsChanged();
  };

  const open = async () => {
    history = await readHistory(file);
    if (closing.signal.aborted) return;
    const stopWatching = watchFaults(networkFolder, take);
    closing.signal.addEventListener("abort", stopWatching);
  };

  return {
    members,
    opened: open(),
    close() {
      closing.abort();
      return saving;
    },
    history: () => history,
    peersOf: (member) => {
      const faults = faultsAt(history, Date.now());
      const hears = ({ name }: Member) => !isDeaf(name, faults);
      return hears(member) ? [...members.keys()].filter((other) => other !== member && hears(other)).length : 0;
    },
  };
}

async function readHistory(file: string): Promise<FaultHistory> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
  return JSON.parse(text) as { since: number; faults: Faults }[];
}

/** Replaces the file in one step. A runner killed meanwhile leaves the old file intact. */
async function saveHistory(file: string, history: FaultHistory): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(history));
  await rename(`${file}.new`, file);
}
