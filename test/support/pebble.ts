import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { createServer } from "node:net";
import { axios } from "acme-client";
import { ownCertificate } from "../../sandbox/tls/own-certificate";
import { type RunningPebble, startPebble } from "../../sandbox/tls/pebble";
import { directoryOf } from "../../sandbox/tls/public-side";

/** Let's Encrypt's own authority for tests. It trusts one name server, and forgets everything when it ends. */
export class Pebble {
  private constructor(
    /** URL of its directory. */
    readonly directory: string,
    /** File with the certificate that its API is served with, for NODE_EXTRA_CA_CERTS. */
    readonly caFile: string,
    /** Lines of its log. */
    readonly log: readonly string[],
    private readonly running: RunningPebble,
  ) {}

  /**
   * @param folder for its configuration
   * @param dns name server, as address:port
   * @param refused names that it issues nothing for
   */
  static async start(folder: string, dns: string, refused: readonly string[] = []): Promise<Pebble> {
    const own = ownCertificate(folder, ["IP:127.0.0.1"]);
    const ports = { api: await freePort(), management: await freePort() };
    const log: string[] = [];
    const running = await startPebble({ folder, dns, own, ports, refused, log: (line) => log.push(line) });
    const ca = readFileSync(own.certificate, "utf8");
    axios.defaults.httpsAgent = new Agent({ ca }); // NODE_EXTRA_CA_CERTS does this for a command
    return new Pebble(directoryOf(ports), own.certificate, log, running);
  }

  /** PEM of the root of all that it issues. */
  get root(): string {
    return this.running.root;
  }

  /** Certificates that it has issued. */
  get issued(): number {
    return this.log.filter((line) => /Issued certificate serial/.test(line)).length;
  }

  stop(): Promise<void> {
    return this.running.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
