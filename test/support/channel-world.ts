import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import type { Store } from "../../infra/base/store/contract";
import { openStore } from "../../infra/base/store/open";
import { CHECKOUT } from "./checkout";
import { TOKEN, ZONE } from "./cloudflare";
import { toolchain } from "./toolchain";

/** How a verb has ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Steps of a network's stack that tell whether it is complete. */
export const STEPS = ["devnext", "network", "smoke", "guard"] as const;

/**
 * The verbs of this checkout with a backend, an archive store and a node repository of their own, all in one temporary
 * folder; pulumi and git are the real ones. Stacks are put there by `pulumi stack import`, since a network takes minutes.
 */
export class ChannelWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "channel-world-"));
  readonly store: Store;
  readonly storeFolder = join(this.folder, "store");
  readonly repository = join(this.folder, "node.git");
  private readonly project = join(this.folder, "project");

  constructor() {
    for (const name of ["project", "backend", "store", "node.git"]) mkdirSync(join(this.folder, name));
    // A stack's file is written beside this, and must not be in the checkout.
    copyFileSync(join(CHECKOUT, "Pulumi.yaml"), join(this.project, "Pulumi.yaml"));
    for (const entry of ["infra", "scripts", "node_modules", "tsconfig.json", "package.json"]) {
      symlinkSync(join(CHECKOUT, entry), join(this.project, entry));
    }
    this.store = openStore(pathToFileURL(this.storeFolder).href);
    this.git("init", "--quiet", "--bare");
  }

  /** Runs a verb from its source, as people and Pulumi do. */
  async run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const [verb, ...rest] = args;
    const command = ["-r", "./infra/preload.cjs", `scripts/${verb}.ts`, ...rest];
    const child = spawn(process.execPath, command, {
      cwd: this.project,
      env: { ...this.environment(), ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { exitCode: exitCode as number | null, stdout, stderr };
  }

  /** Makes a stack, or puts another state in its place. */
  stack(name: string, outputs: Readonly<Record<string, unknown>>, steps: readonly string[] = []): void {
    const prefix = `urn:pulumi:${name}::smeshnet::`;
    const root = `${prefix}pulumi:pulumi:Stack::smeshnet-${name}`;
    const resources = [
      { urn: root, custom: false, type: "pulumi:pulumi:Stack", outputs },
      ...steps.map((step) => ({
        urn: `${prefix}smeshnet:components:Step$command:local:Command::${step}`,
        custom: true,
        id: step,
        type: "command:local:Command",
      })),
    ];
    const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
    const state = join(this.folder, "state.json");
    writeFileSync(state, JSON.stringify({ version: 3, deployment: { manifest, resources } }));
    if (!this.pulumi("stack", "ls").includes(name)) this.pulumi("stack", "init", name);
    this.pulumi("stack", "import", "--stack", name, "--file", state);
  }

  pulumi(...args: string[]): string {
    return execFileSync(join(toolchain().bin, "pulumi"), args, {
      cwd: this.project,
      env: this.environment(),
      encoding: "utf8",
      stdio: "pipe",
    });
  }

  git(...args: string[]): string {
    const who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
    return execFileSync("git", [...who, ...args], { cwd: this.repository, encoding: "utf8", input: "" }).trim();
  }

  /** A new commit. */
  commit(message: string): string {
    return this.git("commit-tree", this.git("mktree"), "-m", message);
  }

  /** Names and contents of all that is kept: stacks, records, refs. */
  kept(): string[] {
    return ["backend", "store", "node.git"].flatMap((root) =>
      readdirSync(join(this.folder, root), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => `${file} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`)
        .sort(),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(): Record<string, string> {
    return {
      HOME: this.folder,
      PATH: [toolchain().bin, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "backend")).href,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      SMESHNET_ZONE: ZONE.name,
      SMESHNET_DISCOVERY_HOST: `discover.net.${ZONE.name}`,
      SMESHNET_ZONE_ID: ZONE.id,
      SMESHNET_ACCOUNT_ID: "account1",
      SMESHNET_GCP_PROJECT: "project",
      SMESHNET_GCP_LOCATION: "us-east1",
      SMESHNET_GCP_ZONE: "us-east1-b",
      SMESHNET_ARCHIVE: pathToFileURL(this.storeFolder).href,
      SMESHNET_NODE_REPOSITORY: pathToFileURL(this.repository).href,
      SMESHNET_DNS_SERVERS: "127.0.0.1:1", // nobody
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_BASE_URL: "http://127.0.0.1:1", // nobody
      DISCORD_WEBHOOK: "http://127.0.0.1:1/api/webhooks/1/s3cret",
    };
  }
}
