import { join } from "node:path";
import { WorkersCustomDomain, WorkersKvNamespace, WorkersScript } from "@pulumi/cloudflare";
import { buildSync } from "esbuild";
import { cloudflareProvider } from "../components/cloudflare";
import { channelEndpoints, publicUrl } from "../infra/base/model/endpoints";
import type { Deferred, EdgeOutputs } from "../infra/base/model/outputs";
import type { Settings } from "../infra/base/model/settings";

/** Settings that the edge uses. */
export type EdgeSettings = Pick<
  Settings,
  "accountId" | "zoneId" | "discoveryHost" | "channels" | "zone" | "subdomain" | "tls" | "port"
>;

const NAME = "smeshnet-edge";
/** The Workers runtime behaves as on this day, so that it does not change under us. */
const COMPATIBILITY_DATE = "2026-07-01";

/**
 * The edge: a KV namespace, the Worker that serves the network list and the pages from it, and the Worker's hosts.
 * There is one host for the list and one for the page of each channel.
 *
 * All of it is protected. The namespace holds pages and configs of networks that are long gone, and no stack could
 * create them again. Wallets read the list at this host. An engine that skips the preview notices a protected resource
 * only when it reaches it, so the hosts, which go first, are protected too. To remove the edge, or to move it to
 * another host or account, run `pulumi state unprotect --all` first.
 */
export function edge(settings: EdgeSettings): Deferred<EdgeOutputs> {
  const { accountId, zoneId, discoveryHost, channels } = settings;
  const url = publicUrl(discoveryHost, settings);
  const hosts = channels.map((channel) => ({ channel, host: channelEndpoints(channel, 0, settings).pageHost }));
  const channelsByHost = Object.fromEntries(hosts.map(({ channel, host }) => [host, channel]));

  const protect = true;
  const provider = cloudflareProvider("workers");

  const namespace = new WorkersKvNamespace(
    "networks",
    { accountId, title: NAME },
    { protect, provider: cloudflareProvider("kv") },
  );

  const worker = new WorkersScript(
    "worker",
    {
      accountId,
      scriptName: NAME,
      mainModule: "worker.js",
      content: workerCode(),
      compatibilityDate: COMPATIBILITY_DATE,
      bindings: [
        { type: "kv_namespace", name: "NETWORKS", namespaceId: namespace.id },
        { type: "plain_text", name: "CHANNELS", text: JSON.stringify(channelsByHost) },
        { type: "plain_text", name: "DISCOVERY_URL", text: url },
      ],
    },
    { protect, provider },
  );

  const domain = (name: string, hostname: string) =>
    new WorkersCustomDomain(
      name,
      { accountId, zoneId, hostname, service: worker.scriptName },
      { protect, provider, deleteBeforeReplace: true }, // a host has one Worker at a time
    );
  domain("discovery", discoveryHost);
  for (const { channel, host } of hosts) domain(`channel-${channel}`, host);

  return { schema: 1, namespaceId: namespace.id, url };
}

/** The Worker and its modules as one ES module; the same source always gives the same text. */
export function workerCode(): string {
  const root = join(__dirname, "..");
  const { outputFiles } = buildSync({
    absWorkingDir: root, // the paths in the text's comments are relative to it
    entryPoints: ["edge/worker.ts"],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}
