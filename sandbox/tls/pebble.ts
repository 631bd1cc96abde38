import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { toolchain } from "../environment";
import { type AuthorityPorts, WrongOptions } from "../home";
import type { OwnCertificate } from "./own-certificate";

export interface PebbleOptions {
  /** For its configuration. */
  readonly folder: string;
  /** The one name server that it asks, as address:port. */
  readonly dns: string;
  /** What its API is served with. */
  readonly own: OwnCertificate;
  /** Ports on 127.0.0.1 of its API and of its management. */
  readonly ports: AuthorityPorts;
  /** Names that it issues nothing for. */
  readonly refused?: readonly string[];
  /** Receives the lines of its log. */
  readonly log: (line: string) => void;
}

/** A running pebble. */
export interface RunningPebble {
  /** PEM of the root of all that it issues. */
  readonly root: string;
  /** Resolves when it has ended. */
  close(): Promise<void>;
}

/** The executable. The set-up for the demo alone does not build it. @throws {WrongOptions} when it is missing */
export function requirePebble(bin = toolchain().bin): string {
  const file = join(bin, "pebble");
  if (existsSync(file)) return file;
  throw new WrongOptions("TLS needs the tool pebble, which is not set up. Run `npm run setup`.");
}

/** As Let's Encrypt's, in seconds: 90 days. */
const LIFE = 7_776_000;

/** Starts Let's Encrypt's own authority for tests. It forgets everything when it ends, also its root. */
export async function startPebble({ folder, dns, own, ports, refused, log }: PebbleOptions): Promise<RunningPebble> {
  const config = join(folder, "pebble.json");
  const pebble = {
    listenAddress: `127.0.0.1:${ports.api}`,
    managementListenAddress: `127.0.0.1:${ports.management}`,
    certificate: own.certificate,
    privateKey: own.privateKey,
    domainBlocklist: refused ?? [],
    keyAlgorithm: "ecdsa",
    profiles: { default: { description: "as Let's Encrypt", validityPeriod: LIFE } },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(config, JSON.stringify({ pebble }));
  // The kernel ends it when the process that started it dies, even by kill -9.
  const args = ["--pdeathsig", "KILL", requirePebble(), "-config", config, "-dnsserver", dns];
  const child = spawn("setpriv", args, {
    env: { PATH: process.env.PATH, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const close = async () => {
    child.kill();
    await ended;
  };
  const last: string[] = [];
  const tell = (line: string) => {
    last.push(line);
    if (last.length > 20) last.shift();
    log(line);
  };
  createInterface({ input: child.stderr }).on("line", tell);
  const lines = createInterface({ input: child.stdout }).on("line", tell);
  await Promise.race([once(lines, "line"), ended]);
  try {
    const ca = readFileSync(own.certificate, "utf8");
    const root = await retried(() => get(`https://127.0.0.1:${ports.management}/roots/0`, ca));
    return { root, close };
  } catch (error) {
    await close();
    throw new Error(`pebble does not start: ${last.join("\n")}`, { cause: error });
  }
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
