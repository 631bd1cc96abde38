import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decompress } from "fzstd";
import type { TestSandbox } from "./sandbox";

/** Milliseconds between two looks at the command lines of this machine. */
const ARGV_EVERY = 50;

/** Secrets by name, and everything in which none of them may be. */
export class SecretSearch {
  /** Texts by where they come from. */
  readonly texts = new Map<string, string>();
  /** Command lines of all processes that were seen. */
  readonly argv = new Set<string>();
  private readonly sampling = setInterval(() => {
    for (const line of commandLines()) this.argv.add(line);
  }, ARGV_EVERY);

  /** Takes the texts of all files below a folder. Returns how many there are. */
  takeFolder(folder: string): number {
    const files = filesIn(folder);
    for (const file of files) this.texts.set(file, contentOf(file));
    return files.length;
  }

  /** What was found where, in a line each; nothing when all is well. */
  found(secrets: Readonly<Record<string, string>>): string[] {
    const inTexts = [...this.texts].flatMap(([where, text]) =>
      foundIn(text, secrets).map((name) => `${name} in ${where}`),
    );
    const inArgv = [...this.argv].flatMap((line) => foundIn(line, secrets).map((name) => `${name} in argv: ${line}`));
    return [...inTexts, ...inArgv];
  }

  stop(): void {
    clearInterval(this.sampling);
  }
}

/** The secrets of a sandbox in which v1.2.3+1 runs, by name. */
export async function secretsOf(sandbox: TestSandbox, passphrase: string): Promise<Record<string, string>> {
  const { world, home } = sandbox;
  const kubeconfig = join(home, "clusters/v1-2-3-1/kubeconfig");
  const authority = /certificate-authority-data"?: "?([^"\s]+)/.exec(readFileSync(kubeconfig, "utf8"))?.[1];
  const credential = JSON.parse(readFileSync(join(home, "clusters/v1-2-3-1/credential.json"), "utf8"));
  const listed = await sandbox.must("kubectl", ["--kubeconfig", kubeconfig, "get", "secrets", "-o", "json"]);
  const { items } = JSON.parse(listed) as { items: { data?: { password?: string } }[] };
  const password = items.find(({ data }) => data?.password)?.data?.password;
  const secrets = {
    "Cloudflare's token": world.token,
    "Discord's webhook": world.webhook.token,
    "the key of records": world.recordKey,
    "the key of certificates": world.simmerKeys.private.split("\n")[1],
    passphrase,
    kubeconfig: authority,
    "the cluster's client key": credential.status.clientKeyData as string,
    "Kibana's password": password && Buffer.from(password, "base64").toString(),
  };
  for (const [name, secret] of Object.entries(secrets)) if (!secret) throw new Error(`${name} was not found`);
  return secrets as Record<string, string>;
}

/** As they are, or in base64. */
const foundIn = (text: string, secrets: Readonly<Record<string, string>>): string[] =>
  Object.entries(secrets)
    .filter(([, secret]) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")))
    .map(([name]) => name);

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

function contentOf(file: string): string {
  const bytes = readFileSync(file);
  if (file.endsWith(".gz")) return gunzipSync(bytes).toString("utf8");
  return (file.endsWith(".zst") ? Buffer.from(decompress(bytes)) : bytes).toString("utf8");
}

/** The command lines of all processes of this machine (proc(5)). */
export function commandLines(): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      return []; // it has ended in the meantime
    }
  });
}
