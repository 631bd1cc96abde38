import { createConnection } from "node:net";
import { basename } from "node:path";
import type { Process } from "../../lib/processes";

/** Whether a process is a Pulumi engine. The id of a dead one may belong to another program by now. */
export const isEngine = (processes: readonly Process[], pid: number): boolean =>
  processes.some((one) => one.pid === pid && basename(one.args.split(" ")[0] ?? "") === "pulumi");

/** A plugin and the port of its engine on this machine: `.../pulumi-resource-command 127.0.0.1:40093`. */
const PLUGIN = /pulumi-resource-\S+ (?:.* )?127\.0\.0\.1:(\d+)$/;

/**
 * Plugins of this user whose engine is dead: they lost their parent, and nobody listens at the engine's port. The
 * commands that they started would run beside those of the next update.
 */
export async function orphanedPlugins(processes: readonly Process[]): Promise<Process[]> {
  const me = process.getuid?.();
  const lost = processes.filter(({ parent, user, args }) => parent === 1 && user === me && PLUGIN.test(args));
  const listening = await Promise.all(lost.map(({ args }) => listens(Number(PLUGIN.exec(args)?.[1]))));
  return lost.filter((_, i) => !listening[i]);
}

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
