import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Tokens } from "./cloudflare/api/tokens";
import { startCloudflare } from "./cloudflare/cloudflare";
import { startDiscord } from "./discord/discord";
import { startGithub } from "./github/github";
import { places, requireWorld, type World } from "./home";

/**
 * The process that serves the sandbox's part of the internet: Cloudflare (API, name server, Workers), a Discord
 * webhook and GitHub's API. Sends `ready` to its parent by IPC, and ends on SIGTERM.
 */
async function world(home: string): Promise<void> {
  const { zone, zoneId, accountId, ports, webhook, githubTokens, edgeAddress, publicPort, ...tokens } =
    requireWorld(home);
  const { cloudflare, discord, github, logs } = places(home);
  const log = createWriteStream(join(logs, "workers.log"), { flags: "a" });
  const running = [
    await startCloudflare({
      folder: cloudflare,
      port: ports.cloudflare,
      ...tokensOf(tokens),
      zones: [{ id: zoneId, name: zone }],
      accountId,
      edge: { address: edgeAddress, port: publicPort },
      dns: { address: "127.0.0.1", port: ports.dns },
      log: (line) => void log.write(`${line}\n`),
    }),
    await startDiscord({ folder: discord, port: ports.discord, webhook }),
    await startGithub({
      folder: github,
      port: ports.github,
      tokens: {
        [githubTokens.own]: { login: "github-actions[bot]", may: ["comments", "checks", "statuses"] },
        [githubTokens.fork]: { login: "github-actions[bot]", may: [] },
      },
    }),
  ];
  process.once("SIGTERM", async () => {
    await Promise.all(running.map((part) => part.close()));
    process.exit(0);
  });
  process.send?.("ready");
  process.disconnect?.();
}

/** The tokens that Cloudflare knows. */
const tokensOf = ({ token, scopedTokens: scoped }: Pick<World, "token" | "scopedTokens">): Tokens => ({
  token,
  ...(scoped && {
    scoped: [
      { token: scoped.dns, may: ["DNS"] },
      { token: scoped.kv, may: ["Workers KV Storage"] },
      { token: scoped.workers, may: ["Workers Scripts"] },
    ],
  }),
});

world(process.argv[2] as string).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
