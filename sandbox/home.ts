import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout that the sandbox's programs are run from. */
export const CHECKOUT = join(__dirname, "..");

/** What `sandbox up` has decided once and every later command reads: `world.json` in the sandbox's folder. */
export interface World {
  readonly schema: 1;
  /** DNS zone, and its id at the Cloudflare of this machine. */
  readonly zone: string;
  readonly zoneId: string;
  readonly accountId: string;
  /** Accepted by that Cloudflare only; made for this sandbox. */
  readonly token: string;
  /** Ports on 127.0.0.1. */
  readonly ports: { readonly cloudflare: number; readonly dns: number; readonly discord: number };
  /** The Discord webhook's id and token, its whole credential. */
  readonly webhook: { readonly id: string; readonly token: string };
  /** Loopback address at which Workers answer. */
  readonly edgeAddress: string;
  /** TCP port of everything public: gateways and edge. */
  readonly publicPort: number;
}

/** Places in the sandbox's folder. */
export const places = (home: string) => ({
  world: join(home, "world.json"),
  state: join(home, "state"),
  pulumiHome: join(home, "pulumi"),
  archive: join(home, "archive"),
  logs: join(home, "logs"),
  cloudflare: join(home, "cloudflare"),
  discord: join(home, "discord"),
  repository: join(home, "git", "go-spacemesh.git"),
  jobs: join(home, "jobs"),
});

/** The running or stopped world of a folder; undefined when none was made there. */
export function readWorld(home: string): World | undefined {
  try {
    return JSON.parse(readFileSync(places(home).world, "utf8")) as World;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A mistake that the user can mend: shown as one line. */
export class SandboxError extends Error {}

/** @throws {SandboxError} when there is no world. */
export function requireWorld(home: string): World {
  const world = readWorld(home);
  if (world) return world;
  throw new SandboxError(`there is no sandbox in ${home}: run npm run sandbox -- up`);
}
