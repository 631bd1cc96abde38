import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Container, V1Deployment, V1Namespace, V1Pod, V1PodList, V1Service } from "@kubernetes/client-node";
import { down } from "../../sandbox/down";
import { environment } from "../../sandbox/environment";
import { CHECKOUT, requireWorld } from "../../sandbox/home";
import { type Credentials, KubernetesApi } from "../../sandbox/kubernetes/api";
import { type Cluster, credentialsOf, describe as describeCluster } from "../../sandbox/kubernetes/cluster";
import { SHARED } from "../../sandbox/kubernetes/cluster-record";
import { up } from "../../sandbox/up";
import { type Answer, eventually } from "./cluster-world";

/** Answers with its arguments, its config file and a variable, at the address that its flag names. */
const NODE = `#!/usr/bin/env node
const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const flag = (name) => process.argv.find((arg) => arg.startsWith("--" + name + "="))?.slice(name.length + 3);
const [host, port] = flag("grpc-json-listener").split(":");
const config = readFileSync(flag("config"), "utf8");
createServer((request, response) => {
  response.end(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), config, url: process.env.POET_URL }));
}).listen(port, host, () => console.log("app started"));
`;

/** A sandbox of the driver `kubernetes`, with a script in place of nodes. */
export class SharedWorld {
  readonly home = mkdtempSync(join(tmpdir(), "shared-"));
  readonly script = join(this.home, "a-node");
  readonly said: string[] = [];
  private client: KubernetesApi | undefined;

  async up(...programs: string[]): Promise<void> {
    this.client?.close();
    this.client = undefined;
    writeFileSync(this.script, NODE);
    chmodSync(this.script, 0o755);
    await up(this.home, (line) => void this.said.push(line), { programs });
  }

  get cluster(): Cluster {
    const cluster = describeCluster(this.home, SHARED);
    if (!cluster) throw new Error("there is no shared cluster");
    return cluster;
  }

  get credentials(): Credentials {
    return credentialsOf(this.cluster);
  }

  get api(): KubernetesApi {
    this.client ??= new KubernetesApi(this.credentials);
    return this.client;
  }

  /** Runs `npm run sandbox -- ...`. */
  sandbox(...args: readonly string[]): Promise<Answer> {
    return this.run(process.execPath, ["--import", "tsx", join(CHECKOUT, "sandbox/main.ts"), ...args]);
  }

  run(file: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Answer> {
    const env = { ...process.env, ...environment(this.home, requireWorld(this.home)), ...more };
    return new Promise((resolve) => {
      execFile(file, args, { cwd: CHECKOUT, env }, (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  /** Makes a namespace in which pods may be created. */
  async namespace(name: string): Promise<string> {
    await this.api.create("/api/v1/namespaces", { metadata: { name } } as V1Namespace);
    await eventually(() => this.api.find(`/api/v1/namespaces/${name}/serviceaccounts/default`));
    return name;
  }

  create(namespace: string, kind: string, object: object): Promise<unknown> {
    return this.api.create(`/api/v1/namespaces/${namespace}/${kind}`, object);
  }

  /** Makes a Deployment of one pod. */
  deploy(namespace: string, name: string, container: Partial<V1Container>, more: object = {}): Promise<V1Deployment> {
    return this.api.create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: "main", ...container }], ...more },
        },
      },
    } as V1Deployment);
  }

  service(namespace: string, name: string, port: number): Promise<V1Service> {
    const spec = { type: "NodePort", selector: { app: name }, ports: [{ name: "http", port }] };
    return this.api.create(`/api/v1/namespaces/${namespace}/services`, { metadata: { name }, spec } as V1Service);
  }

  async pods(namespace: string, app: string): Promise<V1Pod[]> {
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`;
    return (await this.api.get<V1PodList>(path)).items;
  }

  /** Waits for a ready pod, or for an unready one. */
  pod(namespace: string, app: string, ready = "True"): Promise<V1Pod> {
    const isAsWanted = ({ status }: V1Pod) =>
      status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === ready);
    return eventually(async () => (await this.pods(namespace, app)).find(isAsWanted));
  }

  async close(): Promise<void> {
    this.client?.close();
    await down(this.home, () => undefined);
    rmSync(this.home, { recursive: true, force: true });
  }
}
