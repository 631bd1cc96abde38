import { status as Code } from "@grpc/grpc-js";
import { UserError } from "../../lib/errors";
import type { NodeStatus } from "../../model/sample";
import { serviceBehind } from "../kubernetes/service-proxy";
import { CallError, type Connection } from "./connection";
import { NodeConnection, type NodeTarget, PATIENCE } from "./grpc";
import { JsonConnection } from "./json";
import { bytes, type Message, rootV1, rootV2, simpleString, statusV1, statusV2 } from "./messages";
import { type AccountState, accountV1, accountV2, fateV2, resultV1, stateV1, type TransactionFate } from "./transfers";

/** One way to ask a node something: a method of one generation of its API. */
interface Way<T> {
  /** E.g. `spacemesh.v2beta1.NodeService/Status`. */
  readonly path: string;
  readonly request?: Message;
  readonly read: (answer: Message) => T;
}

/**
 * All ways to ask one thing: v2beta1, v2alpha1 and v1, which the nodes of the era have alone and those of today still
 * have. The messages of v2beta1 equal those of v2alpha1.
 */
type Ways<T> = readonly [Way<T>, Way<T>, Way<T>];

const ways = <T>(v2: string, readV2: Way<T>["read"], v1: string, readV1: Way<T>["read"]): Ways<T> => [
  { path: `spacemesh.v2beta1.${v2}`, read: readV2 },
  { path: `spacemesh.v2alpha1.${v2}`, read: readV2 },
  { path: `spacemesh.v1.${v1}`, read: readV1 },
];

const STATUS = ways("NodeService/Status", statusV2, "NodeService/Status", statusV1);

const genesisIn = (answer: Message): string => bytes(answer, "genesis_id");
const GENESIS_ID = ways("NetworkService/Info", genesisIn, "MeshService/GenesisID", genesisIn);

function stateRootAt(layer: number): Ways<string> {
  const [today, before, era] = ways(
    "LayerService/List",
    (list) => rootV2(list, layer),
    "MeshService/LayersQuery",
    rootV1,
  );
  const request = { start_layer: layer, end_layer: layer, limit: 1 };
  return [
    { ...today, request },
    { ...before, request },
    { ...era, request: { start_layer: { number: layer }, end_layer: { number: layer } } },
  ];
}

/** The way to a node: gRPC at an address outside, or the JSON API by the proxy of the cluster. */
function connectionTo(target: NodeTarget): Connection {
  const { address, proxy, timeout = PATIENCE } = target;
  const inside = serviceBehind(address, proxy);
  return inside ? new JsonConnection({ address, ...inside, timeout }) : new NodeConnection(target);
}

function accountOf(address: string): Ways<AccountState> {
  const [today, before, era] = ways("AccountService/List", accountV2, "GlobalStateService/Account", accountV1);
  const request = { addresses: [address], limit: 1 };
  return [
    { ...today, request },
    { ...before, request },
    { ...era, request: { account_id: { address } } },
  ];
}

function submissionOf(transaction: Uint8Array): Ways<void> {
  const [service, taken, request] = ["TransactionService/SubmitTransaction", () => undefined, { transaction }];
  const [today, before, era] = ways(service, taken, service, taken);
  return [
    { ...today, request },
    { ...before, request },
    { ...era, request },
  ];
}

function fateOf(id: Uint8Array): Ways<TransactionFate | "processed"> {
  const [today, before, era] = ways<TransactionFate | "processed">(
    "TransactionService/List",
    fateV2,
    "TransactionService/TransactionsState",
    stateV1,
  );
  const request = { txid: [id], limit: 1, include_state: true, include_result: true };
  return [
    { ...today, request },
    { ...before, request },
    { ...era, request: { transaction_id: [{ id }] } },
  ];
}

/**
 * A node refused a transaction: it did not take it. {@link CallError} on the other hand says that nobody knows whether
 * the node took it.
 */
export class TransactionRefused extends UserError {
  /** In the node's words: `Failed to verify transaction: bad nonce`. */
  readonly reason: string;
  /** Whether the node may take the same transaction later: it is not in sync. */
  readonly isTemporary: boolean;

  constructor({ reason, status }: CallError) {
    super(
      "TransactionRefused",
      `The node refuses the transaction: ${reason}.`,
      "Compare the account's balance, its counter and the network's genesis id with those of the transaction.",
    );
    this.name = "TransactionRefused";
    this.reason = reason;
    this.isTemporary = status === Code.FAILED_PRECONDITION;
  }
}

/** What a node says of a transaction that it has (go-spacemesh txs/handler.go, errDuplicateTX). */
const TAKEN_BEFORE = /: tx already exists$/;

/**
 * The public API of a node: v2beta1, v2alpha1 behind it, and v1 last. The first question to a node finds out which
 * generation it has, by its status, and the client remembers. Each call throws {@link CallError} when there is no
 * answer, and UnexpectedMessage when the answer is not what the API promises. Both are user errors.
 */
export class NodeClient {
  private readonly api: Connection;
  /** Packages and services that the node said it has not: `spacemesh.v2beta1`, `spacemesh.v2beta1.LayerService`. */
  private readonly lacking = new Set<string>();
  private isChosen = false;
  private choosing: Promise<NodeStatus> | undefined;

  constructor(target: NodeTarget) {
    this.api = connectionTo(target);
  }

  /** The answer that chooses the generation is a status, so who waits for that one asks no second time. */
  status(): Promise<NodeStatus> {
    return this.isChosen ? this.ask(STATUS) : this.choose();
  }

  /** The version that the node was built as, e.g. `v1.2.3+1`. Nodes of all generations tell it by v1. */
  async version(): Promise<string> {
    return simpleString(await this.api.call("spacemesh.v1.NodeService/Version"), "version_string");
  }

  /**
   * What the program was built from: a commit (go-spacemesh, `-X main.commit`), or a word such as `local`. Undefined
   * when the node does not tell.
   */
  async build(): Promise<string | undefined> {
    try {
      return simpleString(await this.api.call("spacemesh.v1.NodeService/Build"), "build_string") || undefined;
    } catch (error) {
      if (isUnimplemented(error)) return undefined;
      throw error;
    }
  }

  /** In hexadecimal. Each network has its own. */
  genesisId(): Promise<string> {
    return this.askChosen(GENESIS_ID);
  }

  /**
   * Root of the state after a layer, in hexadecimal; empty when there is none. That is no fault: the node has not
   * applied the layer, no block came before it, or it has no block (v1 tells no root then).
   */
  stateRoot(layer: number): Promise<string> {
    return this.askChosen(stateRootAt(layer));
  }

  /** An account by its address, e.g. `stest1...`. */
  account(address: string, signal?: AbortSignal): Promise<AccountState> {
    return this.askChosen(accountOf(address), signal);
  }

  /**
   * Sends a signed transaction. Sending it again does no harm: a node that has it says so.
   * @throws {TransactionRefused} when the node did not take it
   */
  async submit(transaction: Uint8Array, signal?: AbortSignal): Promise<void> {
    try {
      await this.askChosen(submissionOf(transaction), signal);
    } catch (error) {
      const isRefusal = error instanceof CallError && REFUSALS.includes(error.status);
      if (!isRefusal) throw error;
      if (!TAKEN_BEFORE.test(error.reason)) throw new TransactionRefused(error);
    }
  }

  /** What became of a transaction. @param id 32 bytes in hexadecimal */
  async fate(id: string, signal?: AbortSignal): Promise<TransactionFate> {
    const bytes = Buffer.from(id, "hex");
    const fate = await this.askChosen(fateOf(bytes), signal);
    if (fate !== "processed") return fate;
    const path = "spacemesh.v1.TransactionService/StreamResults";
    const [result] = await this.api.list(path, { id: bytes }, signal);
    return result === undefined ? { fate: "pending" } : resultV1(result);
  }

  close(): void {
    this.api.close();
  }

  private async askChosen<T>(question: Ways<T>, signal?: AbortSignal): Promise<T> {
    if (!this.isChosen) await this.choose();
    return this.ask(question, signal);
  }

  /** Questions at once choose once. A failure chooses nothing, so the next question tries again. */
  private choose(): Promise<NodeStatus> {
    this.choosing ??= this.ask(STATUS)
      .then((status) => {
        this.isChosen = true;
        return status;
      })
      .finally(() => {
        this.choosing = undefined;
      });
    return this.choosing;
  }

  private async ask<T>(question: Ways<T>, signal?: AbortSignal): Promise<T> {
    const [, , last] = question;
    for (const way of question) {
      const [service = "", generation = ""] = /^(\w+\.\w+)\.\w+/.exec(way.path) ?? [];
      if (way !== last && (this.lacking.has(generation) || this.lacking.has(service))) continue;
      try {
        return way.read(await this.api.call(way.path, way.request, signal));
      } catch (error) {
        if (way === last || !isUnimplemented(error)) throw error;
        this.lacking.add(question === STATUS ? generation : service);
      }
    }
    throw new Error("a question has no way"); // the last way returns or throws
  }
}

/** Statuses of a node's own refusals (go-spacemesh api/grpcserver, SubmitTransaction). */
const REFUSALS = [Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION];

const isUnimplemented = (error: unknown): boolean => error instanceof CallError && error.status === Code.UNIMPLEMENTED;

/** Lends a client of a node, and closes its connection afterwards. */
export async function askNode<T>(target: NodeTarget, ask: (node: NodeClient) => Promise<T>): Promise<T> {
  const node = new NodeClient(target);
  try {
    return await ask(node);
  } finally {
    node.close();
  }
}
