import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { addressesOf, type NameServers } from "../../infra/base/clients/dns";
import { type HttpAnswer, httpCall } from "../../infra/base/clients/http";
import { down } from "../../sandbox/down";
import { environment } from "../../sandbox/environment";
import { type Job, listJobs } from "../../sandbox/git/jobs";
import { makeHistory, pushBuildTag, pushQuietly, pushRelease } from "../../sandbox/git/node-history";
import { CHECKOUT, requireWorld, type World } from "../../sandbox/home";
import { showLog } from "../../sandbox/log";
import { originOf, trustedIn } from "../../sandbox/tls/public-side";
import { type UpOptions, up } from "../../sandbox/up";

const run = promisify(execFile);

/** How a command of a test has ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A message at Discord. */
export interface Announced {
  readonly id: string;
  readonly embeds: readonly [{ readonly title: string; readonly url: string; readonly description: string }];
  readonly mention_everyone: boolean;
}

/** A sandbox of its own for one test file, in a temporary folder. */
export class TestSandbox {
  readonly home = mkdtempSync(join(tmpdir(), "smeshnet-e2e-"));
  private readonly checkouts: string[] = [];

  /**
   * @param more variables that win over the sandbox's own
   * @param options driver (spacecraft by default), executables and TLS, as for `sandbox up`
   */
  constructor(
    private readonly more: NodeJS.ProcessEnv = {},
    private readonly options: UpOptions = {},
  ) {}

  private up(): Promise<World> {
    return up(this.home, () => undefined, { driver: "spacecraft", ...this.options });
  }

  /** Starts it with the edge stack up. */
  async start(): Promise<void> {
    await this.up();
    await this.deployEdge(CHECKOUT);
  }

  /** The same from a second checkout, which holds what the CLI keeps there of this sandbox's stacks. */
  async startApart(): Promise<string> {
    await this.up();
    const checkout = await this.secondCheckout();
    await this.deployEdge(checkout);
    return checkout;
  }

  private async deployEdge(checkout: string): Promise<void> {
    await this.must("node", ["scripts/smeshnet.cjs", "deploy", "edge"], checkout);
    if (this.options.tls) await this.must("node", ["scripts/smeshnet.cjs", "tls", "renew"], checkout);
  }

  get world(): World {
    return requireWorld(this.home);
  }

  /** Variables of a shell that works in this sandbox. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, ...environment(this.home, this.world), ...this.more };
  }

  /** Pushes tags of the newest commit in one go, as `git push --tags` does. */
  push(...tags: string[]): void {
    pushBuildTag(makeHistory(this.home), ...tags);
  }

  /**
   * Pushes a tag, annotated when it has a message, without starting what CI does for it, for tests that run that
   * themselves.
   */
  pushQuietly(tag: string, message?: string): void {
    pushQuietly(makeHistory(this.home), tag, message);
  }

  /** Releases a version as a release manager does; what CI then does is awaited by {@link deployed}. */
  release(release: string, message: string): void {
    pushRelease(makeHistory(this.home), release, message);
  }

  /** Whom the public of this sandbox asks for names. */
  get names(): NameServers {
    return { servers: [`127.0.0.1:${this.world.ports.dns}`], zone: this.world.zone };
  }

  /** How the public calls a host: scheme, host and port. */
  origin(host: string): string {
    return originOf(this.world, host);
  }

  /** What a public host answers at a path. */
  async get(host: string, path = "/"): Promise<HttpAnswer> {
    const [address = ""] = await addressesOf(host, this.names);
    return this.ask(`${this.origin(host)}${path}`, address);
  }

  /** What an address answers to a public URL, over a connection of its own. With TLS it must prove its name. */
  ask(url: string, address: string, body?: string): Promise<HttpAnswer> {
    const agent = url.startsWith("https:") ? new Agent({ ca: trustedIn(this.home, this.world) }) : undefined;
    return httpCall(url, { address, body, agent, timeout: 5000 });
  }

  /** Build tags in the public list. */
  async listed(): Promise<string[]> {
    const { body } = await this.get(`discover.net.${this.world.zone}`, "/networks.json");
    return (JSON.parse(body) as { netName: string }[]).map(({ netName }) => netName);
  }

  /** What has been announced at Discord, oldest first. */
  async announced(): Promise<Announced[]> {
    const response = await fetch(`http://127.0.0.1:${this.world.ports.discord}/messages`);
    return (await response.json()) as Announced[];
  }

  /** The commit that a ref of the node repository stands for; an annotated tag is followed. */
  async commitOf(ref: string): Promise<string> {
    const lines = await this.must("git", ["ls-remote", this.env.SMESHNET_NODE_REPOSITORY as string, ref, `${ref}^{}`]);
    return lines.trim().split("\n").at(-1)?.split("\t")[0] ?? "";
  }

  /** Command lines of the living processes that work in this sandbox, by their environment (proc(5)). */
  processes(): string[] {
    const mark = `SANDBOX_HOME=${this.home}\0`;
    return readdirSync("/proc").flatMap((pid) => {
      try {
        if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return []; // it has ended in the meantime
      }
    });
  }

  /** Resolves when the deployment of a tag has ended. */
  async deployed(tag: string): Promise<Job> {
    const job = () => listJobs(this.home).find((one) => one.tag === tag);
    const started = job();
    if (!started) throw new Error(`the push of ${tag} has started no deployment`);
    await showLog(
      started.log,
      () => job()?.exitCode === undefined,
      () => undefined,
    );
    return job() as Job;
  }

  /** Runs a command in the checkout, or in another one. */
  async run(file: string, args: readonly string[], cwd = CHECKOUT): Promise<Ended> {
    try {
      return { exitCode: 0, ...(await run(file, args, { cwd, env: this.env, maxBuffer: 1 << 26 })) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
      if (typeof code !== "number") throw error;
      return { exitCode: code, stdout, stderr };
    }
  }

  /** Runs `smeshnet`. */
  smeshnet(...args: readonly string[]): Promise<Ended> {
    return this.run("node", ["scripts/smeshnet.cjs", ...args]);
  }

  /** The same for a command that must succeed. Returns its standard output. */
  async must(file: string, args: readonly string[], cwd = CHECKOUT): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(file, args, cwd);
    if (exitCode === 0) return stdout;
    throw new Error(`${[file, ...args].join(" ")} exits with ${exitCode}:\n${stdout}\n${stderr}`);
  }

  pulumi(args: readonly string[], cwd = CHECKOUT): Promise<string> {
    return this.must("pulumi", [...args, "--non-interactive", "--color", "never"], cwd);
  }

  /** Reads from the Cloudflare of this sandbox: a property of each thing that a path lists. */
  async atCloudflare(path: string, property = "name"): Promise<string[]> {
    const headers = { authorization: `Bearer ${this.world.token}` };
    const response = await fetch(`${this.env.CLOUDFLARE_BASE_URL}/${path}`, { headers });
    const { result } = (await response.json()) as { result: Record<string, string>[] };
    return result.map((one) => `${one[property]}`);
  }

  /** A channel's stack that has nothing but outputs, in this sandbox's backend. */
  async channel(name: string, outputs: Record<string, string>): Promise<{ remove(): Promise<void> }> {
    process.env.PATH = this.env.PATH; // where the Automation API looks for the CLI
    const workDir = mkdtempSync(join(tmpdir(), "smeshnet-channel-"));
    this.checkouts.push(workDir);
    const envVars = { ...this.env, PULUMI_OPTION_POLICY_PACK: "" } as Record<string, string>; // it needs our project
    const project = { stackName: name, projectName: "smeshnet", program: async () => outputs };
    const stack = await LocalWorkspace.createStack(project, { workDir, envVars });
    await stack.up();
    return { remove: () => stack.workspace.removeStack(name) };
  }

  /** A second checkout: the tracked files as they are now, and nothing that the first one has written. */
  async secondCheckout(): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "smeshnet-checkout-"));
    this.checkouts.push(folder);
    const files = await this.must("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
    for (const file of files.split("\n").filter((name) => name !== "" && existsSync(join(CHECKOUT, name)))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(CHECKOUT, file), join(folder, file));
    }
    symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
    return folder;
  }

  async close(): Promise<void> {
    await down(this.home, () => undefined);
    for (const folder of this.checkouts) rmSync(folder, { recursive: true, force: true });
  }
}
