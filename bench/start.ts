import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHECKOUT } from "../sandbox/home";

const run = promisify(execFile);

/** Runs of each start; the median counts. */
const TIMES = 7;

const PRELOAD = ["-r", "./infra/preload.cjs"];
const TSX = ["--import", "tsx"];

/** What loaders cost, by name. */
const LOADERS: Readonly<Record<string, readonly string[]>> = {
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
};

const TAG = "v1.2.3+1";

/**
 * Commands and steps with an input that is refused once all of their code is loaded: settings or variables are missing.
 * The file is what did the same before the command `smeshnet`.
 */
const CALLS: readonly (readonly [words: readonly string[], oldFile: string, oldWords: readonly string[]])[] = [
  [["deploy", TAG], "deploy", [TAG]],
  [["promote", "v1.2.3"], "promote", ["v1.2.3"]],
  [["demote", "--reason", "x"], "demote", ["--reason", "x"]],
  [["retire", TAG], "retire", [TAG]],
  [["recover", TAG], "recover", [TAG]],
  [["status", TAG], "status", [TAG]],
  [["smoke", TAG], "smoke", [TAG]],
  [["archive", "list"], "archive", ["list"]],
  ...["announce testnet", "archive collect v1.2.3+1", "branch move devnet v1.2.3+1", "channel moved testnet"].map(step),
  ...["discovery listed v1.2.3+1", "dns resolved v1.2.3+1", "gateway alive v1.2.3+1", "guard v1.2.3+1"].map(step),
  ...["history close v1.2.3+1", "network up v1.2.3+1", "page served v1.2.3+1", "poet wait poet-1"].map(step),
];

function step(line: string): (typeof CALLS)[number] {
  const [file = "", ...words] = line.split(" ");
  return [["step", file, ...words], file, words];
}

/** Starts in milliseconds, by name: now, and in another checkout measured in turns with it. */
export interface StartFigures {
  readonly loaders: Readonly<Record<string, number>>;
  readonly calls: readonly { readonly name: string; readonly now: number; readonly before?: number }[];
}

/** @param against folder of a checkout from before `smeshnet`, with its packages installed */
export async function measureStart(against?: string): Promise<StartFigures> {
  const loaders: Record<string, number> = {};
  for (const [name, args] of Object.entries(LOADERS)) [loaders[name]] = (await medians([[args, CHECKOUT]])) as [number];
  const calls: StartFigures["calls"][number][] = [];
  for (const [words, file, oldWords] of CALLS) {
    const starts: Start[] = [[["scripts/smeshnet.cjs", ...words], CHECKOUT]];
    if (against) {
      const old = [`scripts/${file}.ts`, ...oldWords];
      if (!existsSync(join(against, old[0] as string))) throw new Error(`${against} holds no ${old[0]}`);
      starts.push([[...PRELOAD, ...old], against]);
    }
    const [now = 0, before] = await medians(starts);
    calls.push({ name: words.join(" "), now, ...(before === undefined ? {} : { before }) });
  }
  return { loaders, calls };
}

type Start = readonly [args: readonly string[], cwd: string];

/** Medians of starts that take turns, so that other load on the machine meets all of them. */
async function medians(starts: readonly Start[]): Promise<number[]> {
  const times = starts.map((): number[] => []);
  for (let i = -1; i < TIMES; i++) {
    for (const [index, [args, cwd]] of starts.entries()) {
      const start = performance.now();
      await run(process.execPath, args, { cwd, env: { PATH: process.env.PATH } }).catch(() => undefined); // refused
      if (i >= 0) times[index]?.push(performance.now() - start); // the first fills the loaders' caches
    }
  }
  return times.map((all) => Math.round(all.sort((a, b) => a - b)[Math.floor(TIMES / 2)] as number));
}

/** The figures for people. */
export function renderStart({ loaders, calls }: StartFigures): string {
  const line = (milliseconds: number, name: string) => `${String(milliseconds).padStart(6)} ms  ${name}`;
  return [
    ...Object.entries(loaders).map(([name, milliseconds]) => line(milliseconds, name)),
    ...calls.map(({ name, now, before }) =>
      before === undefined
        ? line(now, `smeshnet ${name}`)
        : `${line(now, `smeshnet ${name}`)}: ${before} ms before, ${(now / before).toFixed(2)} times`,
    ),
    "",
  ].join("\n");
}
