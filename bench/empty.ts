import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { environment } from "../sandbox/environment";
import { CHECKOUT, requireWorld } from "../sandbox/home";

/** Seconds of previews of a program without resources. */
export interface EmptyFigures {
  /** As `pulumi new` writes it, but in JavaScript, so that nothing is compiled. */
  readonly plain: number;
  /** The same behind infra/preload.cjs, as our program is. */
  readonly preloaded: number;
}

/** Rounds of a comparison. */
const ROUNDS = 3;

/** Runs a measurement several times. */
export async function inTurns<T>(measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < ROUNDS; round++) results.push(await measure());
  return results;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Measures a preview of ours in turns with previews of a program without resources. */
export async function measurePreviews<T extends { readonly total: number }>(
  home: string,
  ours: () => Promise<T>,
): Promise<{ readonly preview: T; readonly empty: EmptyFigures }> {
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-empty-"));
  try {
    const plain = await emptyStack(home, join(folder, "plain"), "");
    const preloaded = await emptyStack(home, join(folder, "preloaded"), "    nodeargs: -r ./infra/preload.cjs\n");
    const rounds = await inTurns(async () => ({
      plain: await secondsOf(() => plain.preview()),
      preloaded: await secondsOf(() => preloaded.preview()),
      preview: await ours(),
    }));
    const total = median(rounds.map(({ preview }) => preview.total));
    const { preview } = rounds.find((round) => round.preview.total === total) as (typeof rounds)[number];
    const of = (name: keyof EmptyFigures) => median(rounds.map((round) => round[name]));
    return { preview, empty: { plain: of("plain"), preloaded: of("preloaded") } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stack of a program without resources, in the sandbox's backend, with the packages of this checkout. */
async function emptyStack(home: string, project: string, options: string): Promise<Stack> {
  mkdirSync(join(project, "infra"), { recursive: true });
  const runtime = `runtime:\n  name: nodejs\n  options:\n    typescript: false\n${options}`;
  writeFileSync(join(project, "Pulumi.yaml"), `name: empty\n${runtime}`);
  writeFileSync(join(project, "package.json"), "{}");
  writeFileSync(join(project, "index.js"), 'require("@pulumi/pulumi");\n');
  copyFileSync(join(CHECKOUT, "infra/preload.cjs"), join(project, "infra/preload.cjs"));
  symlinkSync(join(CHECKOUT, "node_modules"), join(project, "node_modules"));
  const { PULUMI_OPTION_POLICY_PACK: _, ...envVars } = environment(home, requireWorld(home)); // ours needs our project
  const stackName = options === "" ? "plain" : "preloaded";
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: project }, { envVars });
  await stack.up();
  return stack;
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await run();
  return (Date.now() - start) / 1000;
}
