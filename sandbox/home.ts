import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout from which the sandbox's programs run. */
export const CHECKOUT = join(__dirname, "..");

/** How networks are made: in one shared cluster (today's), or by go-spacecraft in clusters of their own. */
export type Driver = "kubernetes" | "spacecraft";

/** An executable of the user that runs in place of an image's program. */
export interface OwnProgram {
  /** Absolute path. */
  readonly path: string;
  /** Folder of its libraries. */
  readonly library?: string;
  /** The post service that a node starts. */
  readonly postService?: string;
}

/** Ports of the certificate authority on 127.0.0.1. */
export interface AuthorityPorts {
  readonly api: number;
  readonly management: number;
}

/**
 * Values that `sandbox up` chooses once and every later command reads. Stored as `world.json` in the sandbox's folder.
 */
export interface World {
  readonly schema: 1;
  /** Absent in a sandbox of an older release, which knows only spacecraft. */
  readonly driver?: Driver;
  /** Whether networks have monitoring; absent for no. */
  readonly monitoring?: boolean;
  /** The user's executables, by image repository. */
  readonly programs?: Readonly<Record<string, OwnProgram>>;
  /** DNS zone, and its id at the Cloudflare stand-in. */
  readonly zone: string;
  readonly zoneId: string;
  readonly accountId: string;
  /** API token made for this sandbox, with all rights. Only its Cloudflare stand-in accepts it. */
  readonly token: string;
  /** Tokens with one right each; absent in a sandbox of an older release. */
  readonly scopedTokens?: { readonly dns: string; readonly kv: string; readonly workers: string };
  /** Ports on 127.0.0.1. */
  readonly ports: {
    readonly cloudflare: number;
    readonly dns: number;
    readonly discord: number;
    readonly github: number;
  };
  /** Id and token of the Discord webhook. Together they are its whole credential. */
  readonly webhook: { readonly id: string; readonly token: string };
  /** Tokens of workflows at the GitHub stand-in: of our own pull requests, and of those from forks, which only reads. */
  readonly githubTokens: { readonly own: string; readonly fork: string };
  /** Keys that seal and verify certificates of the simmer, PEM. */
  readonly simmerKeys: { readonly private: string; readonly public: string };
  /** Seals the records of the store; absent in a sandbox of an older release. */
  readonly recordKey?: string;
  /** Loopback address of the Workers. */
  readonly edgeAddress: string;
  /** TCP port of every public service, gateways and edge; with TLS that of plain HTTP. */
  readonly publicPort: number;
  /** Absent in a sandbox whose public side has no TLS. */
  readonly tls?: {
    /** TCP port of every public service. */
    readonly port: number;
    readonly authority: AuthorityPorts;
  };
}

/** Files and folders inside the sandbox's folder. */
export const places = (home: string) => ({
  world: join(home, "world.json"),
  state: join(home, "state"),
  pulumiHome: join(home, "pulumi"),
  archive: join(home, "archive"),
  logs: join(home, "logs"),
  cloudflare: join(home, "cloudflare"),
  discord: join(home, "discord"),
  github: join(home, "github"),
  tls: join(home, "tls"),
  /** Certificates that the sandbox's programs trust, in PEM. */
  trusted: join(home, "tls", "trusted.pem"),
  repository: join(home, "git", "go-spacemesh.git"),
  jobs: join(home, "jobs"),
  /** Of the shared cluster, as any user of a cluster has one. */
  kubeconfig: join(home, "kubeconfig"),
  /** The same with a network's namespace, a file each. */
  kubeconfigs: join(home, "kubeconfigs"),
});

/** Reads the world of a folder, running or stopped; undefined when the folder holds none. */
export function readWorld(home: string): World | undefined {
  try {
    return JSON.parse(readFileSync(places(home).world, "utf8")) as World;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export const driverOf = ({ driver }: World): Driver => driver ?? "spacecraft";

/** An error that the user can fix. It is shown as one line. */
export class SandboxError extends Error {}

/** The user's options are wrong, so nothing was started or changed. */
export class WrongOptions extends SandboxError {}

/** @throws {SandboxError} when the folder holds no sandbox. */
export function requireWorld(home: string): World {
  const world = readWorld(home);
  if (world) return world;
  throw new SandboxError(`No sandbox is in ${home}. Run \`npm run sandbox -- up\`.`);
}
