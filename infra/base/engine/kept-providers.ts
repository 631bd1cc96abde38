import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { boundedTextFileSync, LIMITS } from "../lib/bounded";
import { parsedJson } from "../lib/json";
import { withSecrets } from "../lib/secrets";
import { CLOUDFLARE_TOKEN, NO_TOKEN } from "../model/cloudflare-token";

/**
 * Plugins of which one process can serve all stacks. The engine configures them anew in each run. A plugin of
 * Kubernetes serves one cluster. They get no secret: a preview runs no command, and asks Cloudflare nothing.
 */
const PROVIDERS = ["cloudflare", "command"] as const;

/**
 * Runs a plugin until it ends, or until our end of its input closes, also by kill -9. A plugin that was started without
 * the address of an engine ends by itself neither way.
 */
const UNTIL_CLOSED = `exec 3<&0; "$0" <&3 & plugin=$!; { cat <&3 >/dev/null; kill $plugin; } 2>/dev/null & wait $plugin`;

/**
 * Providers that serve one engine after another. An engine that starts its own spends a fifth of its time on them,
 * mostly on code that has just been loaded (docs/performance.md).
 */
export class KeptProviders {
  private readonly running = new Map<string, Provider>();

  constructor() {
    this.start();
  }

  /**
   * The variable by which an engine uses providers that run already: `cloudflare:36001,command:36002`. It is documented
   * for debuggers (pulumi sdk/go/common/resource/plugin/provider_plugin.go).
   * @throws {Error} when a provider ends before it serves
   */
  async variables(): Promise<Record<string, string>> {
    if (process.env.PULUMI_DEBUG_PROVIDERS) return {}; // somebody debugs a provider
    this.start();
    const addresses = [...this.running].map(async ([name, { port }]) => `${name}:${await port}`);
    return { PULUMI_DEBUG_PROVIDERS: (await Promise.all(addresses)).join(",") };
  }

  /** Starts what is installed and does not run. The engine starts all others, and downloads what is missing. */
  private start(): void {
    for (const name of PROVIDERS) {
      const file = pluginOf(name);
      if (this.running.get(name)?.isAlive || !existsSync(file)) continue;
      this.running.set(name, new Provider(name, file));
    }
  }
}

/** A process of a provider, which prints its port on its first line. */
class Provider {
  /** @throws {Error} when the process ends first */
  readonly port: Promise<string>;
  private isOver = false;

  constructor(name: string, file: string) {
    const env = { ...withSecrets([], process.env), [CLOUDFLARE_TOKEN]: NO_TOKEN };
    const child = spawn("sh", ["-c", UNTIL_CLOSED, file], { env, stdio: ["pipe", "pipe", "inherit"] });
    this.port = new Promise((resolve, reject) => {
      const end = (why: unknown) => {
        this.isOver = true;
        child.stdin?.destroy();
        reject(new Error(`the provider ${name} ended (${why})`));
      };
      child.once("error", (error) => end(error.message)).once("exit", (code, signal) => end(signal ?? code));
      createInterface(child.stdout).once("line", resolve);
    });
    this.port.catch(() => undefined); // whoever asks hears of it
  }

  get isAlive(): boolean {
    return !this.isOver;
  }
}

/** The program of a provider in the version that its SDK asks for. */
function pluginOf(name: string): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(parsedJson(boundedTextFileSync(require.resolve(`@pulumi/${name}/package.json`), LIMITS.small)));
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}
