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
import { STEPS } from "../../infra/base/model/steps";
import type { Store } from "../../infra/base/store/contract";
import { openStore } from "../../infra/base/store/open";
import { CHECKOUT } from "./checkout";
import { TOKEN, ZONE } from "./cloudflare";
import { KEYED, RECORD_KEY } from "./record-key";
import { toolchain } from "./toolchain";

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Steps in the stack of a complete network, as far as commands look for them. */
export const COMPLETE = [STEPS.devnext, STEPS.network, STEPS.smoke, STEPS.guard] as const;

/**
 * Puts this checkout's command `smeshnet` into the folder of another project. The command changes to the folder above
 * its own file, so the file is a copy.
 */
export function linkCommand(project: string): void {
  mkdirSync(join(project, "scripts"));
  copyFileSync(join(CHECKOUT, "scripts/smeshnet.cjs"), join(project, "scripts/smeshnet.cjs"));
  for (const entry of ["infra", "node_modules", "tsconfig.json", "scripts/main.ts"])
    symlinkSync(join(CHECKOUT, entry), join(project, entry));
}

/**
 * The commands of this checkout with a backend, a store and a node repository of their own, all in one temporary
 * folder. pulumi and git are the real ones. `pulumi stack import` makes the stacks, since a network takes minutes.
 */
export class ChannelWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "channel-world-"));
  readonly store: Store;
  readonly storeFolder = join(this.folder, "store");
  readonly repository = join(this.folder, "node.git");
  private readonly project = join(this.folder, "project");

  constructor() {
    for (const name of ["project", "backend", "store", "node.git"]) mkdirSync(join(this.folder, name));
    // Pulumi writes the file of a stack beside Pulumi.yaml, which must not be the checkout's.
    copyFileSync(join(CHECKOUT, "Pulumi.yaml"), join(this.project, "Pulumi.yaml"));
    symlinkSync(join(CHECKOUT, "package.json"), join(this.project, "package.json"));
    linkCommand(this.project);
    this.store = openStore(pathToFileURL(this.storeFolder).href, KEYED);
    this.git("init", "--quiet", "--bare");
  }

  /** Runs a command or a step, as people and Pulumi do. */
  async run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const child = spawn(process.execPath, ["scripts/smeshnet.cjs", ...args], {
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

  /** Makes a stack, or replaces its state. @param printed what the steps printed, by their names */
  stack(
    name: string,
    outputs: Readonly<Record<string, unknown>>,
    steps: readonly string[] = [],
    printed: Readonly<Record<string, unknown>> = {},
  ): void {
    const prefix = `urn:pulumi:${name}::smeshnet::`;
    const root = `${prefix}pulumi:pulumi:Stack::smeshnet-${name}`;
    const resources = [
      { urn: root, custom: false, type: "pulumi:pulumi:Stack", outputs },
      ...steps.map((step) => ({
        urn: `${prefix}smeshnet:components:Step$command:local:Command::${step}`,
        custom: true,
        id: step,
        type: "command:local:Command",
        ...(printed[step] === undefined ? {} : { outputs: { stdout: JSON.stringify(printed[step]) } }),
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

  /** Names and digests of all stored files: stacks, records, refs. */
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
      SMESHNET_RECORD_KEY: RECORD_KEY,
      SMESHNET_ZONE: ZONE.name,
      SMESHNET_DISCOVERY_HOST: `discover.net.${ZONE.name}`,
      SMESHNET_ZONE_ID: ZONE.id,
      SMESHNET_ACCOUNT_ID: "account1",
      SMESHNET_GCP_PROJECT: "project",
      SMESHNET_GCP_LOCATION: "us-east1",
      SMESHNET_GCP_ZONE: "us-east1-b",
      SMESHNET_ARCHIVE: pathToFileURL(this.storeFolder).href,
      SMESHNET_NODE_REPOSITORY: pathToFileURL(this.repository).href,
      SMESHNET_DNS_SERVERS: "127.0.0.1:1", // nobody listens
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_BASE_URL: "http://127.0.0.1:1", // nobody listens
      DISCORD_WEBHOOK: "http://127.0.0.1:1/api/webhooks/1/s3cret",
    };
  }
}
