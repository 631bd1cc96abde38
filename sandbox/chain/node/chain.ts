import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Faults, watchFaults } from "../../kubernetes/faults";
import { type FaultHistory, faultsAt, recordFaults } from "../fault-history";
import { isDeaf, type Member } from "./node-state";

/** What the simulated nodes of one cluster share: the faults so far, and each other. */
export interface Chain {
  /** The faults so far; they outlive the runner, so that a stalled network is still stalled after it. */
  history(): FaultHistory;
  /** Nodes of the cluster that this one is connected to. */
  peersOf(member: Member): number;
}

interface SharedChain extends Chain {
  /** The nodes, each with what it wants to be told of. */
  readonly members: Map<Member, () => void>;
  /** Resolves when the history has been read. */
  readonly opened: Promise<void>;
  close(): Promise<void>;
}

/** A node's place in its chain. */
export interface Membership extends Chain {
  /** Resolves when nothing of this node is under way in the cluster's folder. */
  leave(): Promise<void>;
}

/** The chains of this process, by folder of their cluster. */
const chains = new Map<string, SharedChain>();

/**
 * Takes a node into the chain of its cluster; calls back whenever the faults change.
 * @param clusterFolder folder of the cluster in the sandbox.
 */
export async function joinChain(clusterFolder: string, member: Member, faultsChanged: () => void): Promise<Membership> {
  const chain = chains.get(clusterFolder) ?? openChain(clusterFolder);
  chains.set(clusterFolder, chain);
  chain.members.set(member, faultsChanged);
  await chain.opened;
  return {
    history: chain.history,
    peersOf: chain.peersOf,
    async leave() {
      chain.members.delete(member);
      if (chain.members.size > 0) return;
      chains.delete(clusterFolder);
      await chain.close();
    },
  };
}

function openChain(clusterFolder: string): SharedChain {
  const file = join(clusterFolder, "fault-history.json");
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
      .catch((error: Error) => console.error(`${file} is not saved: ${error.message}`));
    for (const faultsChanged of members.values()) faultsChanged();
  };

  const open = async () => {
    history = await readHistory(file);
    if (closing.signal.aborted) return;
    const stopWatching = watchFaults(clusterFolder, take);
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

/** Replaces the file in one step: a runner that is killed meanwhile leaves the old one whole. */
async function saveHistory(file: string, history: FaultHistory): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(history));
  await rename(`${file}.new`, file);
}
