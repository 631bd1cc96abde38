import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { down } from "./down";
import { environment } from "./environment";
import { askForGift } from "./gift";
import { type Job, listJobs, startJob } from "./git/jobs";
import { makeUnreleased } from "./git/node-history";
import { CHECKOUT, type Driver, driverOf, places, readWorld, SandboxError, type World, WrongOptions } from "./home";
import { sandboxHome } from "./kubernetes/cluster-record";
import { showLog } from "./log";
import { showMonitoring } from "./monitoring";
import { driverIn, parsed } from "./options";
import { trustedIn } from "./tls/public-side";
import { up } from "./up";

const HELP = `
Usage: npm run demo [-- --once] [--driver DRIVER] [--tls] [--monitoring]

Plays a release on this machine, from the changelog to a network that answers by name. It starts the sandbox and creates a
small node repository. In it, it does what a release manager does: it prepares v1.2.3, and tags and pushes v1.2.3+1. Then it
follows the deployment and shows what the public sees. The network keeps running.

  --once            Retire the network and end everything afterwards.
  --driver DRIVER   kubernetes (by default): today's nodes, in a namespace of a shared cluster;
                    spacecraft: the era of go-spacecraft, with a cluster of its own.
  --tls             Public hosts have TLS, as on a cloud. The certificate is of an authority of the sandbox.
  --monitoring      Deploy the network with Prometheus and Alertmanager. Break it, and show the alert and its
                    message in Discord.

--tls and --monitoring need the tools of \`npm run setup\`.`;

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";

async function demo(): Promise<void> {
  const { values } = parsed({
    options: {
      once: { type: "boolean" },
      driver: { type: "string" },
      tls: { type: "boolean" },
      monitoring: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP.trim()}\n`);
  const home = sandboxHome();
  const started = Date.now();

  title("The sandbox: Kubernetes, Cloudflare, DNS, Workers and a git remote on loopback addresses");
  const { tls, monitoring } = values;
  const world = await up(home, say, { ...driverIn(values.driver), tls, monitoring });
  say(driverText[driverOf(world)]);
  const env = { ...process.env, ...environment(home, world) };
  title("The edge: the public network list");
  await smeshnet(env, ["deploy", "edge"]);
  if (world.tls) {
    title("The TLS certificate of all networks, from the authority");
    await smeshnet(env, ["tls", "renew"]);
  }

  const isDeployed = jobOf(home)?.exitCode === 0;
  if (isDeployed) say(`\n${TAG} is already deployed`);
  else {
    await release(home, env);
    title("The deployment, as the node repository's CI logs it");
    await follow(home);
  }

  title("The node repository");
  await command(env, "git", ["ls-remote", places(home).repository]);
  title("What the public sees");
  await smeshnet(env, ["status", TAG]);
  say(`\nfrom an empty machine to a network in ${Math.round((Date.now() - started) / 1000)} s`);
  // One gift a day: whoever plays the demo again has got it.
  if (driverOf(world) === "kubernetes" && !isDeployed) await showGift(home, world);
  if (monitoring) {
    title("The monitoring: its targets, an alert, and the message about it");
    await showMonitoring(home, TAG, env, say);
  }
  if (values.once) await retire(home, env);
  else say(nextSteps(driverOf(world)));
}

/** Asks the network's tap for test coins, and shows where they are. */
async function showGift(home: string, world: World): Promise<void> {
  title("The tap: test coins for a new address");
  const hosts = { tap: `tap-v1-2-3-1.net.${world.zone}`, api: `api-v1-2-3-1.net.${world.zone}` };
  const { address, amount, balance, explorer } = await askForGift(world, hosts, trustedIn(home, world));
  say(`${amount} smidge paid to ${address}`);
  say(`the explorer shows its balance, ${balance} smidge, and the gift: ${explorer}`);
}

const driverText: Readonly<Record<Driver, string>> = {
  kubernetes: "driver kubernetes: today's nodes, each network in its own namespace of the cluster shared",
  spacecraft: "driver spacecraft: each network in a cluster of its own, made by go-spacecraft",
};

const jobOf = (home: string): Job | undefined => listJobs(home).find(({ tag }) => tag === TAG);

/** Prepares and tags. If an earlier demo pushed the tag, its deployment is followed, or run again as CI would. */
async function release(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const clone = makeUnreleased(home);
  const job = jobOf(home);
  if (!job) {
    title("The release manager: smeshnet prepare, in the node repository");
    await smeshnet(env, ["prepare", "--yes"], clone);
    title("The release manager: smeshnet tag build, which pushes");
    await smeshnet(env, ["tag", "build", "--yes"], clone);
  } else if (job.exitCode === undefined) say(`\n${TAG} is pushed, and its deployment is running`);
  else {
    startJob(home, TAG);
    say(`\n${TAG} is pushed, and its deployment failed: CI runs it again`);
  }
}

/** The job outlives this process: an interrupted demo leaves the deployment running. */
async function follow(home: string): Promise<void> {
  const log = jobOf(home)?.log;
  if (!log || !existsSync(log)) throw new SandboxError(`The push of ${TAG} started no deployment.`);
  await showLog(log, () => jobOf(home)?.exitCode === undefined);
  if (jobOf(home)?.exitCode !== 0)
    throw new SandboxError(`The deployment of ${TAG} failed. See ${log}, then run the demo again.`);
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
  await smeshnet(env, ["archive", "verify", TAG]);
  await down(home, say);
}

const nextSteps = (driver: Driver): string => {
  const steps = [
    [
      "kubectl get pods,services",
      driver === "kubernetes" ? "show the network's namespace, v1-2-3-1" : "show the network's cluster",
    ],
    [`pulumi stack ls; pulumi preview -s ${STACK}`, "list the stacks; preview one without changes"],
    [`smeshnet status ${TAG}`, "check every public service"],
    [`npm run sandbox -- fault ${TAG} stall true`, "stop the verified layer"],
    [`pulumi destroy -s ${STACK}`, "archive the logs, then remove the network"],
    ["npm run sandbox -- down", "end and remove everything"],
  ];
  const lines = steps.map(([command = "", effect]) => `  ${command.padEnd(46)} ${effect}`);
  return [
    "",
    "The sandbox keeps running. Prepare this shell with the first line, then try:",
    `  eval "$(npm run -s sandbox -- env ${TAG})"`,
    ...lines,
  ].join("\n");
};

/** Runs one of the project's commands. */
const smeshnet = (env: NodeJS.ProcessEnv, args: string[], folder?: string): Promise<void> =>
  command(env, process.execPath, [join(CHECKOUT, "scripts/smeshnet.cjs"), ...args], folder);

async function command(env: NodeJS.ProcessEnv, file: string, args: string[], folder = CHECKOUT): Promise<void> {
  const child = spawn(file, args, { cwd: folder, env, stdio: "inherit" });
  const [exitCode] = await once(child, "exit");
  if (exitCode !== 0) throw new SandboxError(`${[file, ...args].join(" ")} failed.`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const title = (text: string): void => say(`\n== ${text}`);

demo().catch(async (error: unknown) => {
  process.stderr.write(`${error instanceof SandboxError ? `error: ${error.message}` : (error as Error).stack}\n`);
  process.exitCode = 1;
  if (error instanceof WrongOptions) return; // a sandbox that runs is not the demo's to end
  if (process.argv.includes("--once")) await down(sandboxHome(), say);
  else if (readWorld(sandboxHome())) {
    process.stderr.write(
      "The sandbox is still running. Check it with `npm run sandbox -- status`, or end it with `npm run sandbox -- down`.\n",
    );
  }
});
