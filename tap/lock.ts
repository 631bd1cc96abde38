import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { UserError } from "../infra/base/lib/errors";

/** Longest path of a socket (sockaddr_un on Linux has 108 bytes with the last zero). */
const LONGEST = 107;

/**
 * Takes a folder for this process alone. The lock is a socket that somebody listens at, so that the system itself opens
 * it again when the process is killed, in whatever container that is.
 * @returns a function that gives the folder back
 * @throws {UserError} when another process has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "lock");
  if (Buffer.byteLength(path) > LONGEST)
    throw new UserError(
      "DataFolderLong",
      `The path ${path} has more than ${LONGEST} bytes.`,
      "Give the tap a data folder with a shorter path.",
      2,
    );
  if (await isListening(path))
    throw new UserError(
      "DataFolderTaken",
      `Another tap uses the data folder ${folder}.`,
      "End it first, or give this one a folder of its own.",
    );
  rmSync(path, { force: true }); // of a process that was killed
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

const isListening = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
