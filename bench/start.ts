import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CHECKOUT } from "../sandbox/home";

const run = promisify(execFile);

/** Each is measured so often, and the median taken. */
const TIMES = 7;

const PRELOAD = ["-r", "./infra/preload.cjs"];
const TSX = ["--import", "tsx"];

/** What is started, and how, by what it is called. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  "node alone": ["-e", "0"],
  "node, tsx": [...TSX, "-e", "0"],
  "node, infra/preload.cjs": [...PRELOAD, "-e", "0"],
  "Pulumi's SDK": ["-e", "require('@pulumi/pulumi')"],
  "Pulumi's SDK, tsx": [...TSX, "-e", "require('@pulumi/pulumi')"],
  "Pulumi's SDK, infra/preload.cjs": [...PRELOAD, "-e", "require('@pulumi/pulumi')"],
  "the SDK and the version stack, tsx": [...TSX, "-e", "require('@pulumi/pulumi'); require('./stacks/version.ts')"],
  "the SDK and the version stack, infra/preload.cjs": [
    ...PRELOAD,
    "-e",
    "require('@pulumi/pulumi'); require('./stacks/version.ts')",
  ],
  "the gateway verb, tsx": [...TSX, "scripts/gateway.ts", "--help"],
  "the gateway verb, infra/preload.cjs": [...PRELOAD, "scripts/gateway.ts", "--help"],
  "the deploy verb, tsx": [...TSX, "scripts/deploy.ts", "--help"],
  "the deploy verb, infra/preload.cjs": [...PRELOAD, "scripts/deploy.ts", "--help"],
};

/** Median time of each start in milliseconds, by what it is called. */
export async function measureStart(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [name, args] of Object.entries(STARTS)) {
    const times: number[] = [];
    await run(process.execPath, args, { cwd: CHECKOUT }); // fills the loaders' caches
    for (let i = 0; i < TIMES; i++) {
      const start = performance.now();
      await run(process.execPath, args, { cwd: CHECKOUT });
      times.push(performance.now() - start);
    }
    figures[name] = Math.round(times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] as number);
  }
  return figures;
}

/** The figures for people. Pure. */
export const renderStart = (figures: Readonly<Record<string, number>>): string =>
  Object.entries(figures)
    .map(([name, milliseconds]) => `${String(milliseconds).padStart(6)} ms  ${name}\n`)
    .join("");
