import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { Client, credentials } from "@grpc/grpc-js";
import type { Endpoints } from "../../infra/base/model/endpoints";
import { caddyfile, HTTP_PORT } from "../../infra/deploy/gateway/caddyfile";
import { method } from "../../sandbox/chain/protos";
import { toolchain } from "./toolchain";

/** Hosts and ports of the Services behind a gateway, by the names of their variables without `_SERVICE_HOST`. */
export type Services = Readonly<
  Record<string, { readonly address: string; readonly ports: readonly [string, number][] }>
>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Environment of a gateway's container. */
export function environment(address: string, folder: string, services: Services): NodeJS.ProcessEnv {
  const variables = Object.entries(services).flatMap(([name, service]) => [
    [`${name}_SERVICE_HOST`, service.address],
    ...service.ports.map(([suffix, port]) => [`${name}_SERVICE_PORT${suffix}`, `${port}`]),
  ]);
  const folders = { SITE_FOLDER: join(folder, "site"), LIST_FOLDER: join(folder, "list"), HOME: folder };
  // Gateways of several tests share the loopback, so each gives itself the certificate at its own address.
  const own = { BIND_ADDRESS: address, CERTIFICATE_ADDRESS: address, TLS_FOLDER: join(folder, "tls"), ...folders };
  return { ...Object.fromEntries(variables), ...own };
}

/** The real Caddy with our Caddyfile. */
export class Gateway {
  private constructor(
    readonly address: string,
    private readonly end: () => Promise<void>,
  ) {}

  /**
   * @param folder for the configuration, the page and Caddy's own data
   * @param edit changes the configuration, e.g. to shorter times
   * @param list the list of networks that frontends of today get; with it the gateway is that of a network of today
   */
  static async start(
    address: string,
    folder: string,
    sets: readonly Endpoints[],
    services: Services,
    page: string,
    edit: (text: string) => string = (text) => text,
    list?: string,
  ): Promise<Gateway> {
    const config = join(folder, "Caddyfile");
    mkdirSync(join(folder, "site"));
    writeFileSync(join(folder, "site/index.html"), page);
    mkdirSync(join(folder, "list"));
    if (list !== undefined) writeFileSync(join(folder, "list/networks.json"), list);
    writeFileSync(config, edit(caddyfile(sets, false, list === undefined ? "spacecraft" : "kubernetes")));
    const caddy = spawn(join(toolchain().bin, "caddy"), ["run", "--config", config, "--adapter", "caddyfile"], {
      env: environment(address, folder, services),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(caddy, "exit");
    const log: string[] = [];
    for await (const line of createInterface({ input: caddy.stderr })) {
      log.push(line);
      if (line.includes("serving initial configuration")) {
        caddy.stderr.resume();
        return new Gateway(address, async () => {
          caddy.kill();
          await ended;
        });
      }
    }
    throw new Error(`caddy does not start:\n${log.join("\n")}`);
  }

  stop(): Promise<void> {
    return this.end();
  }

  /** A request whose path is sent as it is, without the tidying of a browser. */
  ask(host: string, path: string, method = "GET", headers: Record<string, string> = {}, body = ""): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const target = { host: this.address, port: HTTP_PORT, agent: false, timeout: 5000 };
      const sent = request({ ...target, path, method, headers: { host, ...headers } }, async (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) });
      });
      sent.on("timeout", () => sent.destroy(new Error(`${host}${path} does not answer`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** A gRPC call by the name of a host. @param path instead of the method's own */
  call(host: string, name: string, path = `/${name}`): Promise<unknown> {
    const { requestSerialize, responseDeserialize } = method(name);
    const client = new Client(`${this.address}:${HTTP_PORT}`, credentials.createInsecure(), {
      "grpc.default_authority": host,
      "grpc.use_local_subchannel_pool": 1,
    });
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + 5000 };
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, options, (error, answer) => {
        client.close();
        if (error) reject(error);
        else resolve(answer);
      });
    });
  }
}
