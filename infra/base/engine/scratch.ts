import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { withTemporaryFolder } from "../lib/temporary";
import { pulumiCli } from "./open";

/** Encrypts nothing: no secret is ever in such a backend. */
export const SCRATCH_PASSPHRASE = "scratch";

/** A stack with nothing but outputs, for programs that refer to it. */
export interface OutputsOnly {
  readonly stack: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Lends a backend in a temporary folder, in which stacks can be previewed that do not exist. The real backend knows
 * nothing of them.
 * @param project name of the project, as in Pulumi.yaml
 * @param empty names of new stacks without resources
 * @param known stacks that the programs refer to, with their outputs that are no secrets
 */
export function withScratchBackend<T>(
  project: string,
  empty: readonly string[],
  known: readonly OutputsOnly[],
  use: (backend: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const backend = join(folder, "backend");
    await mkdir(backend);
    const workspace = await LocalWorkspace.create({
      workDir: folder,
      pulumiCommand: await pulumiCli(),
      projectSettings: { name: project, runtime: "nodejs" },
      envVars: { PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: SCRATCH_PASSPHRASE },
    });
    for (const stack of [...empty, ...known.map((one) => one.stack)]) await workspace.createStack(stack);
    for (const { stack, outputs } of known) {
      const type = "pulumi:pulumi:Stack";
      const root = {
        urn: `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`,
        custom: false,
        type,
        outputs,
      };
      await workspace.importStack(stack, { version: 3, deployment: { resources: [root] } });
    }
    return use(`file://${backend}`);
  });
}
