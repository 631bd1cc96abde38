import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CHECKOUT } from "../checkout";
import type { FakeChain } from "./fake-chain";

/** Serves a fake chain to the tap's process. */
export async function servedChain(chain: FakeChain): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(async ({ url = "" }, response) => {
    try {
      const [, what, id = ""] = url.split("/");
      if (what === "account") {
        const { balance, nextNonce, spawned } = await chain.account();
        response.end(JSON.stringify({ balance: `${balance}`, nextNonce: `${nextNonce}`, spawned }));
      } else if (what === "fate") response.end(JSON.stringify(await chain.fate(id)));
      else {
        const chunks: Buffer[] = [];
        for await (const chunk of response.req) chunks.push(chunk);
        await chain.submit(Buffer.concat(chunks));
        response.end("{}");
      }
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The program on the fake chain. */
const ON_FAKE_CHAIN = join(CHECKOUT, "test/support/tap/process.ts");

/** A tap that runs as a process of its own. */
export class RunningTap {
  private constructor(
    readonly url: string,
    /** Where it serves metrics; no URL without TAP_METRICS_LISTEN. */
    readonly metricsUrl: string,
    private readonly child: ChildProcess,
    private readonly exit: Promise<unknown>,
    /** All that it logged. */
    readonly log: readonly string[],
  ) {}

  /** Starts a tap and waits until it listens. @throws what it complained about when it ends before */
  static async start(settings: Readonly<Record<string, string>>, program = ON_FAKE_CHAIN): Promise<RunningTap> {
    const args = ["--require", join(CHECKOUT, "infra/preload.cjs"), program];
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH, TAP_LISTEN: "127.0.0.1:0", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exit = once(child, "exit");
    const log: string[] = [];
    let complaint = "";
    child.stderr.on("data", (data) => {
      complaint += data;
    });
    const [address, metrics] = await new Promise<readonly [string, string?]>((resolve, reject) => {
      createInterface(child.stdout).on("line", (line) => {
        log.push(line);
        const [, found, metrics] = /"event":"tap opened","address":"([^"]+)"(?:,"metrics":"([^"]+)")?/.exec(line) ?? [];
        if (found) resolve([found, metrics]);
      });
      child.once("close", () => reject(new Error(complaint)));
    });
    return new RunningTap(`http://${address}`, metrics ? `http://${metrics}` : "", child, exit, log);
  }

  /** Ends it. @returns exit code and signal */
  async end(signal: NodeJS.Signals): Promise<unknown> {
    this.child.kill(signal);
    return this.exit;
  }
}
