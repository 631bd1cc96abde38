import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { down } from "./down";
import { environment } from "./environment";
import { places, requireWorld, SandboxError } from "./home";
import { clusterFolder, sandboxHome } from "./kubernetes/cluster-record";
import { type Faults, readFaults, writeFaults } from "./kubernetes/faults";
import { showLog } from "./log";
import { renderStatus, status } from "./status";
import { up } from "./up";

const HELP = `
Usage: npm run sandbox -- up|down|status|fault|env|logs [...]

Runs what a network needs on this machine: Kubernetes clusters, Cloudflare with DNS and Workers, Discord, GitHub's
API, the node repository with its CI, an archive store and a Pulumi backend. It keeps to one folder and to loopback addresses.

  up                     start the sandbox; safe to run twice
  down                   end its processes and remove its folder
  status [--json]        show what runs, and where
  env [TAG]              print the variables for plain pulumi and kubectl; a tag adds KUBECONFIG of its network:
                         eval "$(npm run -s sandbox -- env)"
  logs [NAME] [-f]       list the logs, or show one, e.g. the deployment of a tag; -f follows it
  fault TAG FAULT VALUE  set a fault of a network; VALUE is JSON, e.g. fault v1.2.3+1 stall true
                         fault v1.2.3+1 none clears all faults

Environment:
  SANDBOX_HOME           folder of the sandbox; .sandbox in the checkout by default`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      json: { type: "boolean" },
      follow: { type: "boolean", short: "f" },
    },
  });
  const home = sandboxHome();
  const [action, ...rest] = positionals;
  if (values.help || action === undefined) return print(HELP.trim());
  if (action === "up") return void (await up(home, say));
  if (action === "down") return down(home, say);
  if (action === "status") return print(values.json ? JSON.stringify(status(home)) : renderStatus(status(home)));
  if (action === "env") return print(exportsOf(home, rest[0]));
  if (action === "logs") return logs(home, rest[0], values.follow === true);
  if (action === "fault") return fault(home, rest);
  throw new SandboxError(`"${action}" is not an action of the sandbox. ${HELP.trim().split("\n")[0]}`);
}

function exportsOf(home: string, tag: string | undefined): string {
  const variables: Record<string, string> = environment(home, requireWorld(home), "$PATH");
  if (tag) variables.KUBECONFIG = join(clusterOf(home, tag), "kubeconfig");
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}="${value}"`)
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

async function fault(home: string, [tag, name, value]: string[]): Promise<void> {
  if (!tag || !name)
    throw new SandboxError("A tag and a fault are required, e.g. `npm run sandbox -- fault v1.2.3+1 stall true`.");
  const folder = clusterOf(home, tag);
  if (name === "none") await writeFaults(folder, {});
  else await writeFaults(folder, { ...readFaults(folder), [name]: JSON.parse(value ?? "true") } as Faults);
  print(JSON.stringify(readFaults(folder)));
}

/** Folder of a tag's cluster. The cluster has the tag's name, with hyphens. */
function clusterOf(home: string, tag: string): string {
  const folder = clusterFolder(home, tag.replace(/[.+]/g, "-"));
  if (!existsSync(folder))
    throw new SandboxError(
      `Network ${tag} is not in the sandbox. Run \`npm run sandbox -- status\` to list the networks.`,
    );
  return folder;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

main().catch((error: unknown) => {
  say(error instanceof SandboxError ? `error: ${error.message}` : String((error as Error).stack ?? error));
  process.exitCode = 1;
});
