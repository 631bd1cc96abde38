import { ok } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { request as ask, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Store } from "../../infra/base/store/contract";
import { openStore } from "../../infra/base/store/open";
import type { Drift, Finding } from "../../infra/review/drift/model";
import { places } from "../../sandbox/home";
import { clusterFolder, writeRecord } from "../../sandbox/kubernetes/cluster-record";
import { type ComputeGroup, type ComputeObject, placeUrl, putCompute } from "../../sandbox/kubernetes/gcloud/compute";
import type { TestSandbox } from "./sandbox";

/** What `smeshnet drift` ended with. */
export interface Drifted {
  readonly exitCode: number;
  /** The error on standard error, if there is one. */
  readonly error: string | undefined;
  readonly drift: Drift;
}

/** Looks for drift in a sandbox. @param variables that win over the sandbox's */
export async function driftOf(
  sandbox: TestSandbox,
  variables: Readonly<Record<string, string>> = {},
): Promise<Drifted> {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const { exitCode, stdout, stderr } = await sandbox.run("env", [
    ...assignments,
    ...["node", "scripts/smeshnet.cjs", "drift", "--json"],
  ]);
  ok(stdout.startsWith("{"), stderr);
  return { exitCode, error: /^error\[(\w+)\]/m.exec(stderr)?.[1], drift: JSON.parse(stdout) as Drift };
}

/** Runs the commands of findings as a person does who answers every question with yes. */
export async function mend(sandbox: TestSandbox, findings: readonly Finding[]): Promise<void> {
  await Promise.all(findings.map((finding) => runShell(sandbox, answered(finding.mend))));
}

const answered = (command: string): string =>
  command
    .replace(/^(gcloud .*)$/, "$1 --quiet")
    .replaceAll(/(pulumi (?:up|destroy|stack rm)) /g, "$1 --yes ")
    .replaceAll(/(^|&& )smeshnet /g, "$1node scripts/smeshnet.cjs ")
    .replace(/--sent MESSAGE_ID.*$/, "--not-sent")
    .replace(/^curl /, "curl --fail --silent --show-error ");

async function runShell(sandbox: TestSandbox, line: string): Promise<void> {
  const { exitCode, stdout, stderr } = await sandbox.run("sh", ["-c", line]);
  ok(exitCode === 0, `${line}\n${stdout}\n${stderr}`);
}

/** Stands before Cloudflare's API and notes every call. */
export class CallCounter {
  /** Method and path of each call. */
  readonly calls: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param target base URL of the API */
  static async start(target: string): Promise<CallCounter> {
    const { hostname, port, pathname } = new URL(target);
    const server = createServer((request, response) => {
      counter.calls.push(`${request.method} ${request.url}`);
      const { method, url, headers } = request;
      const sent = ask({ hostname, port, path: pathname + url, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(sent);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const counter: CallCounter = new CallCounter(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return counter;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** The test's hands on the systems of a sandbox, to put something there that nobody should own. */
export class Planter {
  private readonly store: Store;

  constructor(private readonly sandbox: TestSandbox) {
    const { recordKey } = sandbox.world;
    this.store = openStore(`file://${places(sandbox.home).archive}`, { recordKey });
  }

  /** Calls Cloudflare. @param path below the version */
  async cloudflare(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly id: string }[] & { readonly id: string }> {
    const { env, world } = this.sandbox;
    const response = await fetch(`${env.CLOUDFLARE_BASE_URL}/${path}`, {
      method,
      headers: { authorization: `Bearer ${world.token}` },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { success: boolean; result: { id: string }[] & { id: string } };
    ok(answer.success, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.result;
  }

  /** A DNS record below the subdomain. */
  async record(label: string, fields: { type: string; content: string; comment?: string }): Promise<string> {
    const { zone, zoneId } = this.sandbox.world;
    const name = `${label}.net.${zone}`;
    await this.cloudflare("POST", `zones/${zoneId}/dns_records`, { name, ttl: 60, ...fields });
    return `DNS record ${name} (${fields.type} ${fields.content})`;
  }

  /** A key of the edge. */
  async key(key: string, value = "{}"): Promise<void> {
    await this.cloudflare("PUT", `${await this.namespace()}/values/${encodeURIComponent(key)}`, value);
  }

  /** The keys of the edge, sorted. */
  async keys(): Promise<string[]> {
    return this.sandbox.atCloudflare(`${await this.namespace()}/keys`);
  }

  /** A Worker that does nothing. */
  async worker(name: string): Promise<void> {
    const form = new FormData();
    const code = "export default { fetch: () => new Response() }";
    form.append("main.js", new Blob([code], { type: "application/javascript+module" }), "main.js");
    const metadata = { main_module: "main.js", compatibility_date: "2026-07-01", bindings: [] };
    form.append("metadata", new Blob([JSON.stringify(metadata)], { type: "application/json" }));
    await this.cloudflare("PUT", `accounts/${this.sandbox.world.accountId}/workers/scripts/${name}`, form);
  }

  /** A host of a Worker. */
  async host(hostname: string, service: string): Promise<void> {
    const { accountId, zoneId } = this.sandbox.world;
    const body = { hostname, service, environment: "production", zone_id: zoneId };
    await this.cloudflare("PUT", `accounts/${accountId}/workers/domains`, body);
  }

  /** A cluster that exists by name only. */
  cluster(name: string, createTime: Date): void {
    const folder = clusterFolder(this.sandbox.home, name);
    mkdirSync(folder, { recursive: true });
    const maker = { pid: 0, startTime: "0" };
    writeRecord(folder, { name, ...PLACE, createTime: createTime.toISOString(), maker, stage: "made" });
  }

  /** Something in Compute Engine. */
  compute(group: ComputeGroup, name: string, created: Date, more: Partial<ComputeObject> = {}): void {
    putCompute(this.sandbox.home, PLACE.project, group, {
      name,
      creationTimestamp: created.toISOString(),
      ...(group === "compute.disks"
        ? { zone: placeUrl(PLACE.project, "zones", "local-a"), sizeGb: "10", status: "READY" }
        : { region: placeUrl(PLACE.project, "regions", "local") }),
      ...more,
    });
  }

  /** An object in the records store. */
  async stored(key: string, content: unknown): Promise<void> {
    await this.store.put(key, JSON.stringify(content));
  }

  /** A process that looks like a plugin whose engine is dead. Returns its name as a finding has it. */
  plugin(): Promise<string> {
    const script = "exec -a pulumi-resource-sandbox tail -f /dev/null 127.0.0.1:1 2>/dev/null >/dev/null & echo $!";
    const child = spawn("bash", ["-c", script], { env: this.sandbox.env, stdio: ["ignore", "pipe", "inherit"] });
    return new Promise((resolve) =>
      child.stdout.once("data", (pid: Buffer) => resolve(`process ${pid.toString().trim()}`)),
    );
  }

  private async namespace(): Promise<string> {
    const path = `accounts/${this.sandbox.world.accountId}/storage/kv/namespaces`;
    const [namespace] = await this.cloudflare("GET", path);
    return `${path}/${namespace?.id}`;
  }
}

/** Where the clusters of a sandbox are. */
const PLACE = { project: "sandbox", location: "local" };
