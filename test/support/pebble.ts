import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { axios } from "acme-client";
import { toolchain } from "./toolchain";

/** Let's Encrypt's own authority for tests. It trusts one name server, and forgets everything when it ends. */
export class Pebble {
  private constructor(
    /** URL of its directory. */
    readonly directory: string,
    /** File with the certificate that its API is served with, for NODE_EXTRA_CA_CERTS. */
    readonly caFile: string,
    /** PEM of the root of all that it issues. */
    readonly root: string,
    /** Lines of its log. */
    readonly log: readonly string[],
    private readonly end: () => Promise<void>,
  ) {}

  /**
   * @param folder for its configuration
   * @param dns name server, as address:port
   * @param refused names that it issues nothing for
   */
  static async start(folder: string, dns: string, refused: readonly string[] = []): Promise<Pebble> {
    const [key, caFile, config] = ["authority.key", "authority.pem", "pebble.json"].map((name) => join(folder, name));
    const subject = ["-subj", "/CN=authority", "-addext", "subjectAltName=IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...curve, "-keyout", `${key}`, "-out", `${caFile}`, ...subject], {
      stdio: "ignore",
    });
    const [port, management] = [await freePort(), await freePort()];
    const pebble = {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate: caFile,
      privateKey: key,
      domainBlocklist: refused,
      keyAlgorithm: "ecdsa",
      profiles: { default: { description: "as Let's Encrypt", validityPeriod: 7_776_000 } },
    };
    writeFileSync(`${config}`, JSON.stringify({ pebble }));
    const child = spawn(join(toolchain().bin, "pebble"), ["-config", `${config}`, "-dnsserver", dns], {
      env: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const end = async () => {
      child.kill();
      await ended;
    };
    const log: string[] = [];
    const lines = createInterface({ input: child.stdout }).on("line", (line) => log.push(line));
    await Promise.race([once(lines, "line"), ended]);
    const ca = readFileSync(`${caFile}`, "utf8");
    axios.defaults.httpsAgent = new Agent({ ca }); // NODE_EXTRA_CA_CERTS does this for a command
    try {
      const root = await retried(() => get(`https://127.0.0.1:${management}/roots/0`, ca));
      return new Pebble(`https://127.0.0.1:${port}/dir`, `${caFile}`, root, log, end);
    } catch (error) {
      await end();
      throw new Error(`pebble does not start:\n${log.join("\n")}`, { cause: error });
    }
  }

  /** Certificates that it has issued. */
  get issued(): number {
    return this.log.filter((line) => /Issued certificate serial/.test(line)).length;
  }

  stop(): Promise<void> {
    return this.end();
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

const get = (url: string, ca: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => resolve(text(response)))
      .on("error", reject)
      .end();
  });

/** It says that it listens before it does. */
async function retried<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
