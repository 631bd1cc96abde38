import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tokens } from "./cloudflare/api/tokens";
import { startCloudflare } from "./cloudflare/cloudflare";
import { startDiscord } from "./discord/discord";
import { startGithub } from "./github/github";
import { type AuthorityPorts, places, requireWorld, type World } from "./home";
import { type OwnCertificate, ownCertificate, trust } from "./tls/own-certificate";
import { startPebble } from "./tls/pebble";

/**
 * The process that serves the sandbox's part of the internet: Cloudflare (API, name server, Workers), a Discord
 * webhook, GitHub's API, and with TLS a certificate authority. Sends `ready` to its parent by IPC, and ends on SIGTERM.
 */
async function world(home: string): Promise<void> {
  const { zone, zoneId, accountId, ports, webhook, githubTokens, edgeAddress, publicPort, tls, ...tokens } =
    requireWorld(home);
  const { cloudflare, discord, github, logs } = places(home);
  const log = createWriteStream(join(logs, "workers.log"), { flags: "a" });
  const own = tls && ownCertificate(places(home).tls, ["IP:127.0.0.1", `DNS:*.${zone}`, `DNS:*.net.${zone}`]);
  const dns = { address: "127.0.0.1", port: ports.dns };
  const running: { close(): Promise<void> }[] = [
    await startCloudflare({
      folder: cloudflare,
      port: ports.cloudflare,
      ...tokensOf(tokens),
      zones: [{ id: zoneId, name: zone }],
      accountId,
      edge: { address: edgeAddress, port: publicPort },
      ...(own && { edgeTls: { port: tls.port, ...pemOf(own) } }),
      dns,
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
  if (own) running.push(await startAuthority(home, own, tls.authority, `${dns.address}:${dns.port}`));
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

/** Starts the certificate authority. From then on its root is trusted, and so is the certificate of the edge. */
async function startAuthority(home: string, own: OwnCertificate, ports: AuthorityPorts, dns: string) {
  const { logs, tls: folder, trusted } = places(home);
  const log = createWriteStream(join(logs, "pebble.log"), { flags: "a" });
  const pebble = await startPebble({ folder, dns, own, ports, log: (line) => void log.write(`${line}\n`) });
  trust(trusted, [pemOf(own).cert, pebble.root]);
  return pebble;
}

const pemOf = ({ certificate, privateKey }: OwnCertificate) => ({
  cert: readFileSync(certificate, "utf8"),
  key: readFileSync(privateKey, "utf8"),
});

world(process.argv[2] as string).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
