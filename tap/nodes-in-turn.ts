import { TransactionRefused } from "../infra/base/clients/node/client";
import type { Chain, TransactionFate } from "./chain/chain";
import type { Account } from "./core/plan";
import type { PayChain } from "./payer";

/** Asks one node, and after a question that it did not answer the next one. A refusal is an answer. */
export class NodesInTurn implements PayChain {
  private turn = 0;

  /** @param nodes one or more */
  constructor(private readonly nodes: readonly Pick<Chain, "account" | "submit" | "fate">[]) {}

  account(address: string, signal: AbortSignal): Promise<Account> {
    return this.ask((node) => node.account(address, signal));
  }

  submit(raw: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.ask((node) => node.submit(raw, signal));
  }

  fate(id: string, signal: AbortSignal): Promise<TransactionFate> {
    return this.ask((node) => node.fate(id, signal));
  }

  private async ask<T>(question: (node: Pick<Chain, "account" | "submit" | "fate">) => Promise<T>): Promise<T> {
    const node = this.nodes[this.turn % this.nodes.length];
    if (!node) throw new Error("there is no node");
    try {
      return await question(node);
    } catch (error) {
      if (!(error instanceof TransactionRefused)) this.turn++;
      throw error;
    }
  }
}
