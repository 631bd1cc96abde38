import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Program, Programs } from "../../sandbox/kubernetes/program";

/** Port of the test's program. */
const PORT = 8080;

/**
 * A program for tests. Answers `/` with its context and `/file/MOUNT/NAME` with a mounted file. Ends on `/exit` and
 * becomes unready on `/unready`.
 */
const echo: Program = async (context) => {
  let isReady = true;
  let end: (exit: { exitCode: number; reason: string }) => void = () => undefined;
  const ended = new Promise<{ exitCode: number; reason: string }>((resolve) => {
    end = resolve;
  });
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://pod");
    const [, action = "", ...path] = pathname.split("/");
    context.log(`${request.method} ${pathname}`);
    if (action === "exit") end({ exitCode: Number(searchParams.get("code")), reason: "Error" });
    if (action === "unready") isReady = false;
    if (action === "file") {
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
