import { join } from "node:path";
import { WorkersCustomDomain, WorkersKvNamespace, WorkersScript } from "@pulumi/cloudflare";
import { buildSync } from "esbuild";
import { channelEndpoints, publicUrl } from "../infra/base/model/endpoints";
import type { EdgeOutputs } from "../infra/base/model/outputs";
import type { Settings } from "../infra/base/model/settings";

/** The settings that the edge is made from. */
export type EdgeSettings = Pick<
  Settings,
  "accountId" | "zoneId" | "discoveryHost" | "channels" | "zone" | "subdomain" | "tls" | "port"
>;

const NAME = "smeshnet-edge";
/** Behaviour of the Workers runtime as of this day, so that it does not change under us. */
const COMPATIBILITY_DATE = "2026-07-01";

/**
 * The edge: one KV namespace, the Worker that makes the public list and pages of it, and the Worker's hosts: that of the
 * list, and for each channel the host of the channel's page.
 *
 * All of it is protected: the namespace holds the pages and configs of networks that are long gone, which no stack
 * could make again, and wallets read the list at this host. An engine told to skip the preview only notices a protected
 * resource when it comes to it, so the host, which goes first, is protected too. To remove the edge for good, or to move
 * it to another host or account, run `pulumi state unprotect --all` first.
 */
export function edge(settings: EdgeSettings): EdgeOutputs {
  const { accountId, zoneId, discoveryHost, channels } = settings;
  const url = publicUrl(discoveryHost, settings);
  const hosts = channels.map((channel) => ({ channel, host: channelEndpoints(channel, 0, settings).pageHost }));
  const channelsByHost = Object.fromEntries(hosts.map(({ channel, host }) => [host, channel]));

  const protect = true;

  const namespace = new WorkersKvNamespace("networks", { accountId, title: NAME }, { protect });

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
    { protect },
  );

  const domain = (name: string, hostname: string) =>
    new WorkersCustomDomain(
      name,
      { accountId, zoneId, hostname, service: worker.scriptName },
      { protect, deleteBeforeReplace: true }, // a host has one Worker at a time
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
