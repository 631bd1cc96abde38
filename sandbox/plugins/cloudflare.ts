/**
 * Stand-in for the resource plugin `cloudflare` 6.22.1 where the official one cannot be downloaded: DNS records, KV
 * namespaces and values, Workers and their domains, for the unchanged SDK `@pulumi/cloudflare`. Bundled into one file
 * by set-up and started by the engine.
 */

import { cloudflareProvider } from "./cloudflare/cloudflare-provider";
import { servePlugin } from "./plugin";

void servePlugin(cloudflareProvider);
