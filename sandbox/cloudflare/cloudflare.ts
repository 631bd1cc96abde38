import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { dnsRoutes } from "./api/dns-records";
import { domainRoutes } from "./api/domains";
import { kvRoutes } from "./api/kv";
import { apiServer } from "./api/server";
import type { Tokens } from "./api/tokens";
import { workerRoutes } from "./api/workers";
import { startDnsServer } from "./dns/server";
import { edgeFront, secureEdgeFront } from "./edge/front";
import { KvStore } from "./edge/kv-store";
import { runtimeSetup, WorkerRuntime } from "./edge/runtime";
import { type CloudflareFaults, Faults } from "./faults";
import { StateFile, type Zone } from "./state";

/** An address and port; port 0 takes any free port. */
export interface Listen {
  readonly address: string;
  readonly port: number;
}

export interface CloudflareOptions extends Tokens {
  /** Folder that keeps records, scripts and KV values over restarts and holds `faults.json`. */
  readonly folder: string;
  /** Port of the API on 127.0.0.1. */
  readonly port: number;
  readonly zones: readonly Zone[];
  readonly accountId: string;
  /** Public address of the Workers, which are selected by host. DNS records of Workers' domains point to it. */
  readonly edge: Listen;
  /** Where the Workers answer by TLS, at the same address, and with what; without it they do not. */
  readonly edgeTls?: { readonly port: number; readonly cert: string; readonly key: string };
  /** Address of the zones' name server, by UDP and TCP. */
  readonly dns: Listen;
  /** Receives the output of Workers and their runtime; by default it is dropped. */
  readonly log?: (line: string) => void;
}

/** A running Cloudflare stand-in. */
export interface Cloudflare {
  /** Base URL of the API, for `CLOUDFLARE_BASE_URL`. */
  readonly baseUrl: string;
  readonly edge: Listen;
  readonly dns: Listen;
  /** Sets the faults; has the same effect as writing `faults.json`. */
  setFaults(faults: CloudflareFaults): void;
  /** Stops everything. Resolves when the ports are free and workerd is gone. */
  close(): Promise<void>;
}

/**
 * Starts a Cloudflare account on this machine: the API v4, the name server of its zones, and its Workers on the real
 * workerd. @throws when a port is in use or the folder's state cannot be read
 */
export async function startCloudflare(options: CloudflareOptions): Promise<Cloudflare> {
  const { folder, token, scoped, zones, accountId, log = () => {} } = options;
  mkdirSync(folder, { recursive: true });
  const file = new StateFile(folder);
  const faults = new Faults(folder);
  const runtime = await WorkerRuntime.start(join(folder, "runtime"), runtimeSetup(file.state), log);
  const kv = new KvStore(runtime, file, faults);
  const account = `/accounts/${accountId}`;
  const routes = {
    "GET /user/tokens/verify": () => ({ result: { id: "token", status: "active" } }),
    ...dnsRoutes(file, zones),
    ...kvRoutes(account, file, kv, runtime),
    ...workerRoutes(account, file, runtime),
    ...domainRoutes(account, file, zones, options.edge.address),
  };
  const workerFor = (host: string): string | undefined => {
    const service = file.state.domains.find(({ hostname }) => hostname === host)?.service;
    return file.state.scripts.find(({ name }) => name === service)?.name;
  };
  const closers: (() => Promise<unknown>)[] = [() => runtime.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };

  try {
    const front = { runtime, workerFor, before: () => kv.release() };
    const edge = await listen(edgeFront(front), options.edge, closers);
    if (options.edgeTls)
      await listen(secureEdgeFront(front, options.edgeTls), { ...edge, ...options.edgeTls }, closers);
    const api = await listen(
      apiServer({ tokens: { token, scoped }, routes, faults }),
      { address: "127.0.0.1", port: options.port },
      closers,
    );
    const data = () => ({ zones, records: file.state.records, edgeAddress: options.edge.address });
    const dns = await startDnsServer(options.dns.address, options.dns.port, data);
    closers.push(() => dns.close());
    return {
      baseUrl: `http://${api.address}:${api.port}/client/v4`,
      edge,
      dns: { address: dns.address, port: dns.port },
      setFaults: (next) => faults.set(next),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(
  server: Server | SecureServer,
  { address, port }: Listen,
  closers: (() => Promise<unknown>)[],
): Promise<Listen> {
  server.listen(port, address);
  await once(server, "listening");
  closers.push(() => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    return closed;
  });
  return { address, port: (server.address() as AddressInfo).port };
}
