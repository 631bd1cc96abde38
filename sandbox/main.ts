import { existsSync } from "node:fs";
import { join } from "node:path";
import { down } from "./down";
import { environment } from "./environment";
import { setFault } from "./fault";
import { places, requireWorld, SandboxError } from "./home";
import { sandboxHome } from "./kubernetes/cluster-record";
import { showLog } from "./log";
import { networkOf } from "./network";
import { driverIn, parsed } from "./options";
import { renderStatus, status } from "./status";
import { up } from "./up";

const HELP = `
Usage: npm run sandbox -- up|down|status|fault|env|logs [...]

Runs what a network needs on this machine: Kubernetes clusters, Cloudflare with DNS and Workers, Discord, GitHub's
API, the node repository with its CI, an archive store and a Pulumi backend. It keeps to one folder and to loopback addresses.

  up [--driver DRIVER]   start the sandbox; safe to run twice. kubernetes (by default) has one cluster for all
                         networks, spacecraft plays go-spacecraft with a cluster for each
     [--tls]             public hosts have TLS, as on a cloud; a certificate authority (pebble) runs here.
                         Run smeshnet tls renew before the first deployment
     [--monitoring]      its networks have Prometheus and Alertmanager; poet's metrics then listen at all addresses of
                         this machine
     [--program REPOSITORY=PATH[,library=FOLDER][,post-service=PATH]]
                         run an executable of yours in every pod of an image, e.g.
                         --program spacemeshos/go-spacemesh=build/go-spacemesh; REPOSITORY=none undoes it
  down                   end its processes and remove its folder
  status [--json]        show what runs, and where
  env [TAG]              print the variables for plain pulumi and kubectl; with a tag, kubectl shows its network:
                         eval "$(npm run -s sandbox -- env)"
  logs [NAME] [-f]       list the logs, or show one, e.g. the deployment of a tag; -f follows it
  fault TAG FAULT VALUE  set a fault of a network; VALUE is JSON, e.g. fault v1.2.3+1 stall true
                         fault v1.2.3+1 none clears all faults; nodes of --program know
                         stopped, cutOff and slowDisk

Environment:
  SANDBOX_HOME           folder of the sandbox; .sandbox in the checkout by default`;

async function main(): Promise<void> {
  const { values, positionals } = parsed({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      json: { type: "boolean" },
      follow: { type: "boolean", short: "f" },
      driver: { type: "string" },
      tls: { type: "boolean" },
      monitoring: { type: "boolean" },
      program: { type: "string", multiple: true },
    },
  });
  const home = sandboxHome();
  const [action, ...rest] = positionals;
  if (values.help || action === undefined) return print(HELP.trim());
  const { driver, monitoring, program: programs, tls } = values;
  if (action !== "up" && (driver !== undefined || monitoring || programs || tls))
    throw new SandboxError(`--driver, --tls, --monitoring and --program belong to up, not to ${action}.`);
  if (action === "up") return void (await up(home, say, { ...driverIn(driver), monitoring, programs, tls }));
  if (action === "down") return down(home, say);
  if (action === "status") return print(values.json ? JSON.stringify(status(home)) : renderStatus(status(home)));
  if (action === "env") return print(exportsOf(home, rest[0]));
  if (action === "logs") return logs(home, rest[0], values.follow === true);
  if (action === "fault") return print(JSON.stringify(await setFault(home, rest)));
  throw new SandboxError(`"${action}" is not an action of the sandbox. ${HELP.trim().split("\n")[0]}`);
}

function exportsOf(home: string, tag: string | undefined): string {
  const variables: Record<string, string> = environment(home, requireWorld(home), "$PATH");
  if (tag) variables.KUBECONFIG = networkOf(home, tag).kubeconfig();
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}="${value.replace(/["\\`]/g, "\\$&")}"`) // PATH keeps its $PATH
    .join("\n");
}

async function logs(home: string, name: string | undefined, follow: boolean): Promise<void> {
  requireWorld(home);
  const folder = places(home).logs;
  if (name === undefined) return print([folder, ...status(home).deployments.map(({ tag }) => `  ${tag}`)].join("\n"));
  const file = [join(folder, `ci-${name}.log`), join(folder, `${name}.log`)].find((path) => existsSync(path));
  if (!file)
    throw new SandboxError(`No log of ${name} is in ${folder}. Run \`npm run sandbox -- logs\` to list the logs.`);
  const running = () => status(home).deployments.some((job) => job.tag === name && job.state === "running");
  await showLog(file, follow ? running : () => false);
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

main().catch((error: unknown) => {
  say(error instanceof SandboxError ? `error: ${error.message}` : String((error as Error).stack ?? error));
  process.exitCode = 1;
});
