import { fork } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { environment, toolchain } from "./environment";
import { makeRepository } from "./git/repository";
import {
  type Driver,
  driverOf,
  type OwnProgram,
  places,
  readWorld,
  SandboxError,
  type World,
  WrongOptions,
} from "./home";
import { recordedProcesses, recordProcess } from "./kubernetes/process-records";
import { ensureShared } from "./kubernetes/shared";
import { withPrograms } from "./own-programs";
import { requirePebble } from "./tls/pebble";

/** TCP port of every public service. The port is above 1024 because the sandbox runs without root. */
const PUBLIC_PORT = 8080;

/** The same with TLS, beside which plain HTTP keeps the port above. */
const TLS_PORT = 8443;

/** Name under which the sandbox records the process of world.ts. */
export const WORLD = "world";

export interface UpOptions {
  /** By default the one that the sandbox has, and `kubernetes` for a new sandbox. */
  readonly driver?: Driver;
  /** Whether public hosts have TLS. By default as the sandbox is, and without for a new one. */
  readonly tls?: boolean;
  /** Whether its networks have monitoring. By default as the sandbox has it, and none for a new sandbox. */
  readonly monitoring?: boolean;
  /** Executables of the user, as `--program` takes them. */
  readonly programs?: readonly string[];
}

/**
 * Creates or starts the sandbox in a folder: Cloudflare, Discord, GitHub, node repository, archive and Pulumi backend,
 * and for the driver `kubernetes` the shared cluster. Does nothing when the sandbox runs.
 * @throws {WrongOptions} before anything changes; {SandboxError} on a machine that cannot run it
 */
export async function up(home: string, say: (line: string) => void, options: UpOptions = {}): Promise<World> {
  if (process.platform !== "linux") {
    throw new SandboxError(
      `The sandbox needs Linux, but this machine runs ${process.platform}. Use a Linux machine or container.`,
    );
  }
  const known = readWorld(home);
  const driver = driverFor(home, known, options);
  const isTls = tlsFor(home, known, options);
  const monitoring = monitoringFor(home, known, options);
  const programs = withPrograms(known?.programs ?? {}, options.programs ?? []);
  const { logs, state, archive, pulumiHome, repository, world: file } = places(home);
  for (const folder of [home, logs, state, archive, pulumiHome]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const values = known ? { recordKey: newRecordKey(), ...known } : await newWorld(isTls);
  const world: World = { ...values, driver, programs, ...(monitoring ? { monitoring } : {}) };
  writeFileSync(file, `${JSON.stringify(world, null, 2)}\n`, { mode: 0o600 });
  const plugins = join(pulumiHome, "plugins");
  rmSync(plugins, { force: true }); // set-up may have built a new set since
  symlinkSync(toolchain().plugins, plugins);
  makeRepository(repository);
  const isUp = recordedProcesses(home).has(WORLD);
  if (!isUp) await startWorld(home);
  if (driver === "kubernetes") await ensureShared(home, { ...process.env, ...environment(home, world) }, say);
  if (options.programs?.length) sayPrograms(programs, say);
  say(isUp ? "the sandbox is already up" : `the sandbox is up in ${home}`);
  if (world.tls) say(`public hosts have TLS at port ${world.tls.port}, with what \`smeshnet tls renew\` gets`);
  return world;
}

/** The driver of a sandbox never changes: its networks are made by it. */
function driverFor(home: string, known: World | undefined, { driver }: UpOptions): Driver {
  if (!known) return driver ?? "kubernetes";
  const own = driverOf(known);
  if (!driver || driver === own) return own;
  throw new WrongOptions(
    `The sandbox in ${home} plays the driver ${own}. ` +
      `Run \`npm run sandbox -- down\`, then \`npm run sandbox -- up --driver ${driver}\`.`,
  );
}

/**
 * Nor does it change whether its public side has TLS: the names of its networks are made for one or the other.
 * @throws {WrongOptions} also when the tool for TLS is missing
 */
function tlsFor(home: string, known: World | undefined, { tls }: UpOptions): boolean {
  const isTls = known ? known.tls !== undefined : tls === true;
  if (tls && !isTls)
    throw new WrongOptions(
      `The sandbox in ${home} has no TLS. Run \`npm run sandbox -- down\`, then \`npm run sandbox -- up --tls\`.`,
    );
  if (isTls) requirePebble();
  return isTls;
}

/** Programs of the monitoring, which the set-up of the demo alone does not make. */
const MONITORING_TOOLS = ["prometheus", "alertmanager"];

/** Whether a sandbox's networks have monitoring never changes: a rerun of a deployment would add it. */
function monitoringFor(home: string, known: World | undefined, { monitoring }: UpOptions): boolean {
  const has = known ? known.monitoring === true : monitoring === true;
  if (monitoring && !has)
    throw new WrongOptions(
      `The networks of the sandbox in ${home} have no monitoring. ` +
        "Run `npm run sandbox -- down`, then the same command again.",
    );
  const missing = has ? MONITORING_TOOLS.filter((name) => !existsSync(join(toolchain().bin, name))) : [];
  if (missing.length === 0) return has;
  throw new WrongOptions(`Monitoring needs ${missing.join(" and ")}, which set-up makes. Run \`npm run setup\` first.`);
}

function sayPrograms(programs: Readonly<Record<string, OwnProgram>>, say: (line: string) => void): void {
  const lines = Object.entries(programs).map(([repository, { path }]) => `pods of ${repository} run ${path}`);
  for (const line of lines.length > 0 ? lines : ["pods run the sandbox's own programs"]) say(line);
  say("pods that run keep their program; `kubectl rollout restart deployment` gives them the new one");
}

async function startWorld(home: string): Promise<void> {
  const logFile = join(places(home).logs, "world.log");
  const log = openSync(logFile, "a");
  const child = fork(join(__dirname, "world.ts"), [home], {
    execArgv: ["--import", "tsx"],
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  const [event] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (event !== "ready") {
    throw new SandboxError(`The sandbox did not start: ${readFileSync(logFile, "utf8").trim().split("\n").at(-1)}`);
  }
  recordProcess(home, WORLD, child.pid);
  child.unref();
}

async function newWorld(isTls: boolean): Promise<World> {
  const [cloudflare, dns, discord, github, api, management] = await sixFreePorts();
  return {
    schema: 1,
    zone: "spacemesh.io",
    zoneId: randomBytes(16).toString("hex"),
    accountId: randomBytes(16).toString("hex"),
    token: newToken(),
    scopedTokens: { dns: newToken(), kv: newToken(), workers: newToken() },
    ports: { cloudflare, dns, discord, github },
    webhook: { id: `${randomBytes(6).readUIntBE(0, 6)}`, token: newToken() },
    githubTokens: { own: newToken(), fork: newToken() },
    simmerKeys: newKeys(),
    recordKey: newRecordKey(),
    edgeAddress: await freeEdgeAddress(),
    publicPort: PUBLIC_PORT,
    ...(isTls && { tls: { port: TLS_PORT, authority: { api, management } } }),
  };
}

const newToken = (): string => randomBytes(20).toString("hex");

const newRecordKey = (): string => randomBytes(32).toString("hex");

function newKeys(): World["simmerKeys"] {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    private: `${privateKey.export({ type: "pkcs8", format: "pem" })}`,
    public: `${publicKey.export({ type: "spki", format: "pem" })}`,
  };
}

const sixFreePorts = () => Promise.all([freePort(), freePort(), freePort(), freePort(), freePort(), freePort()]);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/**
 * An address of 127.250.N.1 whose public port is free. Several sandboxes may run on one machine. Each starts to look at
 * another number, so that two that start at once do not take the same address.
 */
async function freeEdgeAddress(): Promise<string> {
  for (let tried = 0; tried < 254; tried++) {
    const address = `127.250.${((process.pid + tried) % 254) + 1}.1`;
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(PUBLIC_PORT, address, () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, "close");
    return address;
  }
  throw new SandboxError(
    `Port ${PUBLIC_PORT} is in use on every address 127.250.N.1. End the processes that listen there.`,
  );
}
