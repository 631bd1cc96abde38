import { parseArgs } from "node:util";
import { Backend } from "./backend";
import { planOf, play } from "./play";

const HELP = `Kills recoveries with kill -9 at every file operation, two beside each other at one backend with real engines.

Usage: npm run kill-recoveries -- [--runs N] [--seed S]

  --runs N   Number of runs (200), about three seconds each.
  --seed S   Seed of the first run (1). A failure prints the seed that replays it.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const template = new Backend();
  const start = Date.now();
  let [wrong, killed] = [0, 0];
  try {
    for (let one = seed; one < seed + runs; one++) {
      const outcome = await play(planOf(one), template);
      killed += outcome.killed;
      if (outcome.wrong.length === 0) continue;
      wrong += 1;
      process.stdout.write(`seed ${one}: ${outcome.wrong.join("; ")}\n${JSON.stringify(outcome, null, 1)}\n`);
    }
  } finally {
    template.close();
  }
  const seconds = Math.round((Date.now() - start) / 1000);
  process.stdout.write(`${runs} runs: ${killed} commands killed, ${wrong} runs wrong, ${seconds} s\n`);
  if (wrong > 0) process.exitCode = 1;
}

void main();
