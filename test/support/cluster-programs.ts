import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Program, Programs } from "../../sandbox/kubernetes/program";

/** Port of the test's program. */
const PORT = 8080;

/**
 * A program for tests: answers `/` with what it was started with, `/file/MOUNT/NAME` with a mounted file, and ends or
 * becomes unready when told so.
 */
const echo: Program = async (context) => {
  let isReady = true;
  let end: (exit: { exitCode: number; reason: string }) => void = () => undefined;
  const ended = new Promise<{ exitCode: number; reason: string }>((resolve) => {
    end = resolve;
  });
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://pod");
    const [, verb = "", ...path] = pathname.split("/");
    context.log(`${request.method} ${pathname}`);
    if (verb === "exit") end({ exitCode: Number(searchParams.get("code")), reason: "Error" });
    if (verb === "unready") isReady = false;
    if (verb === "file") {
      const [mount = "", ...file] = path;
      try {
        response.end(readFileSync(join(context.mounts[`/${mount}`] ?? "", ...file)));
      } catch {
        response.writeHead(404).end();
      }
      return;
    }
    const { args, env, pod } = context;
    response.end(JSON.stringify({ args, env, pod }));
  });
  server.listen(PORT, context.address);
  await once(server, "listening");
  context.log(`listening as ${context.pod}`);
  return {
    ready: () => isReady,
    ended,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

export const programs: Programs = { "test/echo": echo };
