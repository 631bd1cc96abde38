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

The whole world of a network on this machine: Kubernetes clusters, Cloudflare with a DNS server and Workers, the node
repository with its CI, an archive store and a Pulumi backend. All of it is in one folder and on loopback addresses.

  up                     starts it; safe to run twice
  down                   ends every process of it and removes its folder
  status [--json]        what runs, where
  env [TAG]              prints exports, so that plain pulumi and kubectl work: eval "$(npm run -s sandbox -- env)";
                         with a tag, KUBECONFIG of its network too
  logs [NAME] [-f]       without a name lists the logs; a tag's name shows its deployment, -f follows it
  fault TAG FAULT VALUE  sets a fault of a network as JSON, e.g. fault v1.2.3+1 stall true; fault v1.2.3+1 none clears

Environment: SANDBOX_HOME is the folder, .sandbox in the checkout by default.`;

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
  throw new SandboxError(`"${action}" is not an action: ${HELP.trim().split("\n")[0]}`);
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
  if (!file) throw new SandboxError(`there is no log of ${name} in ${folder}: npm run sandbox -- logs lists them`);
  const running = () => status(home).deployments.some((job) => job.tag === name && job.state === "running");
  await showLog(file, follow ? running : () => false);
}

async function fault(home: string, [tag, name, value]: string[]): Promise<void> {
  if (!tag || !name) throw new SandboxError("write fault TAG FAULT VALUE, e.g. fault v1.2.3+1 stall true");
  const folder = clusterOf(home, tag);
  if (name === "none") await writeFaults(folder, {});
  else await writeFaults(folder, { ...readFaults(folder), [name]: JSON.parse(value ?? "true") } as Faults);
  print(JSON.stringify(readFaults(folder)));
}

/** Folder of a tag's cluster: its name is the tag with hyphens. */
function clusterOf(home: string, tag: string): string {
  const folder = clusterFolder(home, tag.replace(/[.+]/g, "-"));
  if (!existsSync(folder)) throw new SandboxError(`there is no network ${tag}: npm run sandbox -- status lists them`);
  return folder;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

main().catch((error: unknown) => {
  say(error instanceof SandboxError ? `error: ${error.message}` : String((error as Error).stack ?? error));
  process.exitCode = 1;
});
