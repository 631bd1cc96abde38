import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { toolchain } from "./environment";
import { makeRepository } from "./git/repository";
import { places, readWorld, SandboxError, type World } from "./home";
import { recordedProcesses, recordProcess } from "./kubernetes/process-records";

/** TCP port of everything public; above 1024, since the sandbox needs no root. */
const PUBLIC_PORT = 8080;

/** Name of the world's process in the sandbox's records. */
export const WORLD = "world";

/**
 * Makes or starts the sandbox's world in a folder: Cloudflare, Discord, node repository, archive and Pulumi backend.
 * Does nothing when it runs. @throws {SandboxError} on a machine where it cannot run.
 */
export async function up(home: string, say: (line: string) => void): Promise<World> {
  if (process.platform !== "linux") {
    throw new SandboxError(`the sandbox needs Linux, this is ${process.platform}: use a Linux machine or container`);
  }
  const { logs, state, archive, pulumiHome, repository, world: file } = places(home);
  for (const folder of [home, logs, state, archive, pulumiHome]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const world = readWorld(home) ?? (await newWorld());
  writeFileSync(file, `${JSON.stringify(world, null, 2)}\n`, { mode: 0o600 });
  const plugins = join(pulumiHome, "plugins");
  rmSync(plugins, { force: true }); // set-up may have made a new set since
  symlinkSync(toolchain().plugins, plugins);
  makeRepository(repository);
  if (recordedProcesses(home).has(WORLD)) {
    say("the sandbox is up already");
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
    throw new SandboxError(`the sandbox did not start: ${readFileSync(logFile, "utf8").trim().split("\n").at(-1)}`);
  }
  recordProcess(home, WORLD, child.pid);
  child.unref();
}

async function newWorld(): Promise<World> {
  const [cloudflare, dns, discord] = await Promise.all([freePort(), freePort(), freePort()]);
  return {
    schema: 1,
    zone: "spacemesh.io",
    zoneId: randomBytes(16).toString("hex"),
    accountId: randomBytes(16).toString("hex"),
    token: randomBytes(20).toString("hex"),
    ports: { cloudflare, dns, discord },
    webhook: { id: `${randomBytes(6).readUIntBE(0, 6)}`, token: randomBytes(20).toString("hex") },
    edgeAddress: await freeEdgeAddress(),
    publicPort: PUBLIC_PORT,
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

/** The first address of 127.250.N.1 at which nobody answers the public port: another sandbox may run beside. */
async function freeEdgeAddress(): Promise<string> {
  for (let number = 1; number < 255; number++) {
    const address = `127.250.${number}.1`;
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(PUBLIC_PORT, address, () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, "close");
    return address;
  }
  throw new SandboxError(`port ${PUBLIC_PORT} is taken on all of 127.250.0.0/16: end what listens there`);
}
