import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { startCloudflare } from "./cloudflare/cloudflare";
import { startDiscord } from "./discord/discord";
import { startGithub } from "./github/github";
import { places, requireWorld } from "./home";

/**
 * The process that serves the sandbox's part of the internet: Cloudflare (API, name server, Workers), a Discord
 * webhook and GitHub's API. Sends `ready` to its parent by IPC, and ends on SIGTERM.
 */
async function world(home: string): Promise<void> {
  const { zone, zoneId, accountId, token, ports, webhook, githubTokens, edgeAddress, publicPort } = requireWorld(home);
  const { cloudflare, discord, github, logs } = places(home);
  const log = createWriteStream(join(logs, "workers.log"), { flags: "a" });
  const running = [
    await startCloudflare({
      folder: cloudflare,
      port: ports.cloudflare,
      token,
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

world(process.argv[2] as string).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
