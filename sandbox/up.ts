import { fork } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { toolchain } from "./environment";
import { makeRepository } from "./git/repository";
import { places, readWorld, SandboxError, type World } from "./home";
import { recordedProcesses, recordProcess } from "./kubernetes/process-records";

/** TCP port of every public service. The port is above 1024 because the sandbox runs without root. */
const PUBLIC_PORT = 8080;

/** Name under which the sandbox records the process of world.ts. */
export const WORLD = "world";

/**
 * Creates or starts the sandbox in a folder: Cloudflare, Discord, GitHub, node repository, archive and Pulumi backend.
 * Does nothing when the sandbox runs. @throws {SandboxError} on a machine that cannot run it.
 */
export async function up(home: string, say: (line: string) => void): Promise<World> {
  if (process.platform !== "linux") {
    throw new SandboxError(
      `The sandbox needs Linux, but this machine runs ${process.platform}. Use a Linux machine or container.`,
    );
  }
  const { logs, state, archive, pulumiHome, repository, world: file } = places(home);
  for (const folder of [home, logs, state, archive, pulumiHome]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = readWorld(home);
  const world = known ? { recordKey: newRecordKey(), ...known } : await newWorld();
  writeFileSync(file, `${JSON.stringify(world, null, 2)}\n`, { mode: 0o600 });
  const plugins = join(pulumiHome, "plugins");
  rmSync(plugins, { force: true }); // set-up may have built a new set since
  symlinkSync(toolchain().plugins, plugins);
  makeRepository(repository);
  if (recordedProcesses(home).has(WORLD)) {
    say("the sandbox is already up");
    return world;
  }
  await startWorld(home);
  say(`the sandbox is up in ${home}`);
  return world;
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

async function newWorld(): Promise<World> {
  const [cloudflare, dns, discord, github] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return {
    schema: 1,
    zone: "spacemesh.io",
    zoneId: randomBytes(16).toString("hex"),
    accountId: randomBytes(16).toString("hex"),
    token: randomBytes(20).toString("hex"),
    ports: { cloudflare, dns, discord, github },
    webhook: { id: `${randomBytes(6).readUIntBE(0, 6)}`, token: randomBytes(20).toString("hex") },
    githubTokens: { own: randomBytes(20).toString("hex"), fork: randomBytes(20).toString("hex") },
    simmerKeys: newKeys(),
    recordKey: newRecordKey(),
    edgeAddress: await freeEdgeAddress(),
    publicPort: PUBLIC_PORT,
  };
}

const newRecordKey = (): string => randomBytes(32).toString("hex");

function newKeys(): World["simmerKeys"] {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    private: `${privateKey.export({ type: "pkcs8", format: "pem" })}`,
    public: `${publicKey.export({ type: "spki", format: "pem" })}`,
  };
}

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
