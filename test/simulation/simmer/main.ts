import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { WRONG_JUDGES } from "./judges";
import { type Outcome, playWeek } from "./play";

const HELP = `Plays weeks of simulated networks under watch and counts what the judge gets wrong.

Usage: npm run simulate -- [--weeks N] [--seed S] [--json] [--judge WRONG]

  --weeks N      Number of weeks (1000).
  --seed S       Seed of the first week (1). A failure prints the seed that replays it.
  --json         Print the counts as JSON.
  --judge WRONG  Use a wrong judge: ${Object.keys(WRONG_JUDGES)
    .map((name) => `"${name}"`)
    .join(", ")}.`;

/** What a simulation found. */
interface Found {
  readonly weeks: number;
  readonly wrongRetirements: number;
  readonly missedFailures: number;
  readonly wrongCertificates: number;
  /** Logs that do not replay. */
  readonly brokenLogs: number;
  readonly retired: number;
  readonly certified: number;
  readonly samples: number;
}

const NONE: Found = {
  weeks: 0,
  wrongRetirements: 0,
  missedFailures: 0,
  wrongCertificates: 0,
  brokenLogs: 0,
  retired: 0,
  certified: 0,
  samples: 0,
};

/** Weeks of one message between processes. */
const PORTION = 10;

async function portion(from: number, count: number, judge: string | undefined): Promise<[Found, string[]]> {
  let found = NONE;
  const lines: string[] = [];
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await playWeek(seed, judge === undefined ? undefined : WRONG_JUDGES[judge]?.judge);
    found = sum(found, countsOf(outcome));
    for (const { kind, what } of outcome.wrong) lines.push(`seed ${seed}: wrong ${kind}: ${what}`);
  }
  return [found, lines];
}

function countsOf({ wrong, end, samples }: Outcome): Found {
  const count = (kind: Outcome["wrong"][number]["kind"]) => wrong.filter((one) => one.kind === kind).length;
  return {
    weeks: 1,
    wrongRetirements: count("retirement"),
    missedFailures: count("missed"),
    wrongCertificates: count("certificate"),
    brokenLogs: count("log"),
    retired: end === "retired" ? 1 : 0,
    certified: end === "certified" ? 1 : 0,
    samples,
  };
}

const KEYS = Object.keys(NONE) as (keyof Found)[];
const sum = (a: Found, b: Found): Found =>
  Object.fromEntries(KEYS.map((key) => [key, a[key] + b[key]])) as unknown as Found;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      weeks: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      judge: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void console.log(HELP);
  const [weeks, seed] = [values.weeks, values.seed].map(Number) as [number, number];
  const isWrong = values.judge !== undefined && !(values.judge in WRONG_JUDGES);
  if (!Number.isSafeInteger(weeks) || weeks < 1 || !Number.isSafeInteger(seed) || isWrong) {
    console.error("error: --weeks and --seed expect whole numbers, --judge one of the names in --help");
    process.exit(2);
  }
  const started = Date.now();
  let [found, next, reported] = [NONE, seed, started];
  const end = seed + weeks;
  const worker = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(__filename, ["worker"], { execArgv: process.execArgv });
      const give = () => {
        const count = Math.min(PORTION, end - next);
        if (count <= 0) return void child.disconnect();
        child.send({ from: next, count, judge: values.judge });
        next += count;
      };
      child.on("message", ([counts, lines]: [Found, string[]]) => {
        found = sum(found, counts);
        for (const line of lines) console.error(line);
        if (Date.now() - reported > 10_000) {
          reported = Date.now();
          console.error(`${found.weeks} of ${weeks} weeks, ${Math.round((reported - started) / 1000)} s`);
        }
        give();
      });
      child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with exit code ${code}`))));
      give();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), Math.ceil(weeks / PORTION)) }, worker));
  const result = { ...found, seconds: Math.round((Date.now() - started) / 1000) };
  if (values.json) console.log(JSON.stringify(result));
  else for (const [key, value] of Object.entries(result)) console.log(`${key.padEnd(18)} ${value}`);
  const isGood = found.wrongRetirements + found.missedFailures + found.wrongCertificates + found.brokenLogs === 0;
  process.exitCode = isGood ? 0 : 1;
}

function work(): void {
  process.on("message", async ({ from, count, judge }: { from: number; count: number; judge?: string }) => {
    process.send?.(await portion(from, count, judge));
  });
}

if (process.argv[2] === "worker") work();
else main();
