import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { down } from "./down";
import { environment } from "./environment";
import { type Job, listJobs, startJob } from "./git/jobs";
import { makeHistory, pushBuildTag } from "./git/node-history";
import { CHECKOUT, places, readWorld, requireWorld, SandboxError } from "./home";
import { sandboxHome } from "./kubernetes/cluster-record";
import { showLog } from "./log";
import { up } from "./up";

const HELP = `
Usage: npm run demo [-- --once]

A release on this machine, from the pushed build tag to a network that answers by name: starts the sandbox, makes a small
node repository, tags v1.2.3+1, pushes, follows the deployment and shows what the public sees. Leaves it running.

  --once   retires the network and takes everything down at the end`;

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";

async function demo(): Promise<void> {
  const { values } = parseArgs({ options: { once: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
  if (values.help) return void process.stdout.write(`${HELP.trim()}\n`);
  const home = sandboxHome();
  const started = Date.now();

  title("The world: Kubernetes, Cloudflare, DNS, Workers and a git remote on loopback addresses");
  await up(home, say);
  const env = { ...process.env, ...environment(home, requireWorld(home)) };
  title("The edge: the public list of networks");
  await run(env, "scripts/deploy.ts", "edge");

  title(`The release: "Releasing v1.2.3", tag ${TAG}, git push --tags`);
  if (jobOf(home)?.exitCode === 0) say(`${TAG} is deployed already`);
  else {
    for (const line of release(home)) say(line);
    title("The deployment, as the repository's CI logs it");
    await follow(home);
  }

  title("The node repository");
  await command(env, "git", ["ls-remote", places(home).repository]);
  title("What the public sees");
  await run(env, "scripts/status.ts", TAG);
  say(`\nfrom nothing to a network in ${Math.round((Date.now() - started) / 1000)} s`);
  if (values.once) await retire(home, env);
  else say(nextSteps());
}

const jobOf = (home: string): Job | undefined => listJobs(home).find(({ tag }) => tag === TAG);

/** Pushes the tag; when an earlier demo has done that, its deployment is followed or run again, as CI would. */
function release(home: string): string[] {
  const clone = makeHistory(home);
  const job = jobOf(home);
  if (!job) return pushBuildTag(clone, TAG);
  if (job.exitCode === undefined) return [`${TAG} is pushed and being deployed`];
  startJob(home, TAG);
  return [`${TAG} is pushed, and its deployment did not end well: CI runs it again`];
}

/** The job outlives this process: an interrupted demo leaves the deployment running. */
async function follow(home: string): Promise<void> {
  const log = jobOf(home)?.log;
  if (!log || !existsSync(log)) throw new SandboxError(`the push of ${TAG} started no deployment`);
  await showLog(log, () => jobOf(home)?.exitCode === undefined);
  if (jobOf(home)?.exitCode !== 0)
    throw new SandboxError(`the deployment of ${TAG} failed: see ${log}, then run this again`);
}

async function retire(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  title("Retirement: pulumi destroy");
  await command(env, "pulumi", [
    "destroy",
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--color",
    "never",
    "-s",
    STACK,
  ]);
  await run(env, "scripts/archive.ts", "verify", TAG);
  await down(home, say);
}

const nextSteps = (): string => {
  const steps = [
    ["kubectl get pods,services", "the network's cluster"],
    [`pulumi stack ls; pulumi preview -s ${STACK}`, "the stacks; nothing to change"],
    [`node --import tsx scripts/status.ts ${TAG}`, "what the public sees"],
    [`npm run sandbox -- fault ${TAG} stall true`, "let the verified layer stand still"],
    [`pulumi destroy -s ${STACK}`, "archive the logs, then retire it"],
    ["npm run sandbox -- down", "end and remove everything"],
  ];
  const lines = steps.map(([command = "", effect]) => `  ${command.padEnd(46)} ${effect}`);
  return ["", "It keeps running. In this shell:", `  eval "$(npm run -s sandbox -- env ${TAG})"`, ...lines].join("\n");
};

/** Runs one of the project's verbs. */
const run = (env: NodeJS.ProcessEnv, script: string, ...args: string[]): Promise<void> =>
  command(env, process.execPath, ["-r", "./infra/preload.cjs", script, ...args]);

async function command(env: NodeJS.ProcessEnv, file: string, args: string[]): Promise<void> {
  const child = spawn(file, args, { cwd: CHECKOUT, env, stdio: "inherit" });
  const [exitCode] = await once(child, "exit");
  if (exitCode !== 0) throw new SandboxError(`${[file, ...args].join(" ")} failed`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const title = (text: string): void => say(`\n== ${text}`);

demo().catch(async (error: unknown) => {
  process.stderr.write(`${error instanceof SandboxError ? `error: ${error.message}` : (error as Error).stack}\n`);
  process.exitCode = 1;
  if (process.argv.includes("--once")) await down(sandboxHome(), say);
  else if (readWorld(sandboxHome())) {
    process.stderr.write("the sandbox is still up: npm run sandbox -- status, or down\n");
  }
});
