import { z } from "zod";
import type { PayChain } from "../../../tap/payer";
import { runAsTap } from "../../../tap/program";
import { testAddress } from "./addresses";
import { FakeWallet } from "./fake-chain";

// The tap's program on the fake chain, which another process serves: node --import tsx test/support/tap/process.ts

const Account = z.object({ balance: z.string(), nextNonce: z.string(), spawned: z.boolean() });
const FateAnswer = z.object({ fate: z.enum(["unknown", "pending", "applied", "failed"]), layer: z.int().optional() });

/** Asks the server of `servedChain`. */
class RemoteChain implements PayChain {
  constructor(private readonly node: string) {}

  async account() {
    const { balance, nextNonce, spawned } = Account.parse(await this.ask("account"));
    return { balance: BigInt(balance), nextNonce: BigInt(nextNonce), spawned };
  }

  async submit(raw: Uint8Array): Promise<void> {
    await this.ask("submit", Buffer.from(raw));
  }

  async fate(id: string) {
    return FateAnswer.parse(await this.ask(`fate/${id}`));
  }

  private async ask(path: string, body?: Buffer<ArrayBuffer>): Promise<unknown> {
    const answer = await fetch(`http://${this.node}/${path}`, body ? { method: "POST", body } : {});
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }
}

void runAsTap(process.argv.slice(2), process.env, async ({ nodes: [node = ""] }) => ({
  wallet: new FakeWallet(testAddress(1_000_000)),
  chain: new RemoteChain(node),
}));
