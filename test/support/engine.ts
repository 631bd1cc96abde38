import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { buildSync } from "esbuild";
import { toolchain } from "./toolchain";

/** One of our stand-in plugins, by the name and version that the engine looks for. */
export type StandIn = "command-v1.2.1" | "cloudflare-v6.22.1";

/** The provider that set-up built, which needs no stand-in. */
const KUBERNETES = "kubernetes-v4.25.0";

const PROJECT = "standins";

/** The real Pulumi engine with its own home, backend and stand-in plugins, all in one temporary folder. */
export class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), "smeshnet-engine-"));

  constructor(plugins: readonly (StandIn | typeof KUBERNETES)[]) {
    mkdirSync(join(this.folder, "backend"));
    mkdirSync(join(this.folder, "work"));
    mkdirSync(join(this.folder, "cli"));
    symlinkSync(toolchain().bin, join(this.folder, "cli", "bin")); // the SDK expects ROOT/bin/pulumi
    for (const plugin of plugins) {
      if (plugin === KUBERNETES) installKubernetes(join(this.folder, "plugins"));
      else installStandIn(join(this.folder, "plugins"), plugin);
    }
  }

  /** A new stack whose program is a function of the test. @param environment variables of the engine and its plugins */
  async stack(name: string, program: PulumiFn, environment: Record<string, string> = {}): Promise<Stack> {
    const pulumiCommand = await PulumiCommand.get({ root: join(this.folder, "cli") });
    return LocalWorkspace.createStack(
      { stackName: name, projectName: PROJECT, program },
      {
        pulumiCommand,
        workDir: join(this.folder, "work"),
        envVars: {
          PULUMI_HOME: this.folder,
          PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          ...environment,
        },
      },
    );
  }

  /** The state of a stack as it is stored, with encrypted secrets. */
  state(name: string): string {
    return readFileSync(join(this.folder, "backend/.pulumi/stacks", PROJECT, `${name}.json`), "utf8");
  }

  /** Removes the folder with the engine's whole state. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Bundles a stand-in from its current source into the folder in which the engine looks for it. */
function installStandIn(plugins: string, standIn: StandIn): void {
  const [name] = standIn.split("-v");
  const folder = join(plugins, `resource-${standIn}`);
  const bundle = join(folder, "plugin.cjs");
  mkdirSync(folder, { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, `../../sandbox/plugins/${name}.ts`)],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
  });
  const start = join(folder, `pulumi-resource-${name}`);
  writeFileSync(start, `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`);
  chmodSync(start, 0o755);
}

/** The engine skips links to folders when it lists plugins. */
function installKubernetes(plugins: string): void {
  const folder = `resource-${KUBERNETES}`;
  mkdirSync(join(plugins, folder), { recursive: true });
  const file = join(folder, "pulumi-resource-kubernetes");
  symlinkSync(join(toolchain().plugins, file), join(plugins, file));
}
