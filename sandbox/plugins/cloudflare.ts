/**
 * Stand-in for the resource plugin `cloudflare` 6.22.1, for machines that cannot download the official one. Supports
 * DNS
 * records, KV namespaces and values, Workers and their domains, with the unchanged SDK `@pulumi/cloudflare`. Set-up
 * bundles
 * it into one file, and the engine starts it.
 */

import { cloudflareProvider } from "./cloudflare/cloudflare-provider";
import { servePlugin } from "./plugin";

void servePlugin(cloudflareProvider);
