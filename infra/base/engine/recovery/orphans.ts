import { createConnection } from "node:net";
import type { Process } from "../../lib/processes";
import { sameKnown } from "../../lib/same-known";
import { isEngine } from "./neighbours";
import { linkOf } from "./place";

/** A plugin and the port of its engine on this machine: `.../pulumi-resource-command 127.0.0.1:40093`. */
const enginePortOf = (args: string): number | undefined => {
  const [, port] = / 127\.0\.0\.1:(\d{1,5})$/.exec(args) ?? [];
  return port !== undefined && /pulumi-resource-[\w-]{1,100} /.test(args) ? Number(port) : undefined;
};

/** What a plugin's fate depends on besides its own command line. */
export interface Around {
  readonly isEngine: (pid: number) => boolean;
  /** Whether a process sees the same ports as this one. */
  readonly sharesPorts: (pid: number) => boolean;
  readonly listens: (port: number) => Promise<boolean>;
}

/**
 * Plugins of this user whose engine is dead: their parent is no engine, and nobody listens at the engine's port. Who
 * adopts a process whose parent died is different from system to system. The commands that they started would run
 * beside those of the next update.
 */
export async function orphanedPlugins(processes: readonly Process[], around: Around = AROUND): Promise<Process[]> {
  const me = process.getuid?.();
  const lost = processes.filter(
    ({ pid, parent, user, args }) =>
      user === me && enginePortOf(args) !== undefined && !around.isEngine(parent) && around.sharesPorts(pid),
  );
  const listening = await Promise.all(lost.map(({ args }) => around.listens(enginePortOf(args) ?? 0)));
  return lost.filter((_, i) => !listening[i]);
}

const AROUND: Around = {
  isEngine,
  sharesPorts: (pid) => sameKnown(linkOf(`/proc/${pid}/ns/net`), linkOf("/proc/self/ns/net")),
  listens,
};

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
