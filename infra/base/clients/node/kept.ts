import { status as Code } from "@grpc/grpc-js";
import type { ServiceProxy } from "../kubernetes/service-proxy";
import { NodeClient } from "./client";
import { CallError } from "./connection";

/**
 * Lends clients of nodes that are asked again and again. Connections stay open in between, since opening one costs more
 * than the questions do (docs/performance.md).
 */
export class KeptClients {
  private readonly clients = new Map<string, NodeClient>();

  /**
   * @param timeout time limit of one answer, in milliseconds
   * @param proxy the way into the cluster of nodes that have no address outside
   */
  constructor(
    private readonly timeout = 5000,
    private readonly proxy?: ServiceProxy,
  ) {}

  /**
   * Asks a node.
   * @param address `HOST:PORT` to dial
   * @throws what the question throws; the next one then gets a new connection
   */
  async ask<T>(address: string, ask: (node: NodeClient) => Promise<T>): Promise<T> {
    const kept = this.clients.get(address);
    if (!kept) return this.askAnew(address, ask);
    try {
      return await ask(kept);
    } catch (error) {
      this.letGo(address, kept);
      // The node may have closed it long ago, so that says nothing about now. Silence until the time limit does, and
      // another such wait would make the sample too long.
      if (error instanceof CallError && error.status === Code.UNAVAILABLE) return this.askAnew(address, ask);
      throw error;
    }
  }

  /** Closes all connections. */
  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }

  private async askAnew<T>(address: string, ask: (node: NodeClient) => Promise<T>): Promise<T> {
    const client = new NodeClient({ address, timeout: this.timeout, proxy: this.proxy });
    this.clients.set(address, client);
    try {
      return await ask(client);
    } catch (error) {
      this.letGo(address, client); // a broken connection would refuse calls until its back-off is over
      throw error;
    }
  }

  private letGo(address: string, client: NodeClient): void {
    client.close();
    if (this.clients.get(address) === client) this.clients.delete(address);
  }
}
