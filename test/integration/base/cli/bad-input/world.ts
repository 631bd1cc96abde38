import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { renderManifest } from "../../../../../infra/archive/manifest";
import { sealed } from "../../../../../infra/base/store/seal";
import { CHECKOUT } from "../../../../support/checkout";
import { RECORD_KEY } from "../../../../support/record-key";

/** A call of `smeshnet`. In variables `{folder}` and `{port}` stand for the world's folder and open port. */
export interface Call {
  /** The words after `smeshnet`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder below the world's folder that takes the place of the checkout, for calls with a wrong Pulumi.yaml. */
  readonly project?: string;
  /** Whether the real git is on the PATH; otherwise git is a tripwire too. */
  readonly git?: boolean;
}

/** How a call ended, and what it touched. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** One line for each tool that it started, and `a connection` or `a datagram` for each that reached the open port. */
  readonly touched: readonly string[];
}

/**
 * One temporary folder with a store that holds an archive, good and bad node repositories, and tools that only log
 * calls.
 */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "bad-input-"));
  private calls = 0;

  constructor() {
    this.tripwires("tools", "gcloud", "gke-gcloud-auth-plugin", "go-spacecraft", "kubectl", "pulumi");
    this.tripwires("no-git", "git");
    const manifest = { schema: 2, tag: "v1.2.3+9", closedAt: "2026-01-01T00:00:00Z", objects: [] };
    this.record("sealed/beginning.json", '{"schema":1,"adopted":0}');
    this.record("archives/v1.2.3+9/1/manifest.json", renderManifest(manifest));
    this.write("kept/file", "neither a folder nor a repository\n");
    this.write("kept/plain/README.md", "a folder, not a repository\n");
    this.repository();
    execFileSync("git", ["init", "--quiet", "--bare", join(this.folder, "kept/empty.git")]);
    this.write("no-project/README.md", "no Pulumi.yaml here\n");
    this.write("broken-project/Pulumi.yaml", "name: smeshnet\nconfig: [\n  smeshnet:zone: {\n");
    this.write("text-project/Pulumi.yaml", "smeshnet\n");
    this.write("list-project/Pulumi.yaml", "name: smeshnet\nconfig: [zone, port]\n");
    const project = readFileSync(join(CHECKOUT, "Pulumi.yaml"), "utf8");
    this.write("port-project/Pulumi.yaml", project.replace("smeshnet:port: 443", "smeshnet:port: 99999"));
  }

  /**
   * Names, times and contents of all files in the store and the repositories, which every case must leave unchanged.
   */
  kept(): string[] {
    const root = join(this.folder, "kept");
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const content = entry.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
        return `${path} ${statSync(path).mtimeMs} ${content}`;
      })
      .sort();
  }

  async run({ args, env, project, git }: Call): Promise<Ended> {
    const port = await OpenPort.open();
    const log = join(this.folder, `calls-${++this.calls}`);
    try {
      const path = [join(this.folder, "tools"), ...(git ? [] : [join(this.folder, "no-git")]), process.env.PATH];
      const filled = Object.entries(env).map(([name, value]) => [
        name,
        value?.replaceAll("{folder}", this.folder).replaceAll("{port}", `${port.number}`),
      ]);
      // smeshnet.cjs changes into the checkout and then loads main.ts in this way.
      const program = project === undefined ? ["scripts/smeshnet.cjs"] : ["-r", "infra/preload.cjs", "scripts/main.ts"];
      const files = program.map((part) => (part === "-r" ? part : join(CHECKOUT, part)));
      const child = spawn(process.execPath, [...files, ...args], {
        cwd: join(this.folder, project ?? "."),
        env: { HOME: this.folder, PATH: path.join(delimiter), TRIPWIRE: log, ...Object.fromEntries(filled) },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const said = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const) {
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          said[stream] += text;
        });
      }
      const [exitCode] = (await once(child, "close")) as [number | null];
      return { exitCode, ...said, touched: [...linesOf(log), ...port.visits] };
    } finally {
      await port.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private record(key: string, body: string): void {
    this.write(`kept/store/${key}`, String(sealed(key, Buffer.from(body), RECORD_KEY)));
  }

  private write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }

  private tripwires(folder: string, ...names: string[]): void {
    for (const name of names) {
      this.write(`${folder}/${name}`, `#!/bin/sh\necho "${name} $*" >> "$TRIPWIRE"\necho tripwire >&2\nexit 1\n`);
      chmodSync(join(this.folder, folder, name), 0o755);
    }
  }

  /** Some of its refs look like build tags but are not, or do not point to a commit. */
  private repository(): void {
    const cwd = join(this.folder, "kept/node.git");
    mkdirSync(cwd);
    const who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
    const git = (...args: string[]) =>
      execFileSync("git", [...who, ...args], { cwd, encoding: "utf8", input: "" }).trim();
    git("init", "--quiet", "--bare");
    const tree = git("mktree");
    const commit = git("commit-tree", tree, "-m", "first");
    git("branch", "devnet", commit);
    git("tag", "v1.2.3+1", commit);
    git("tag", "v1.2.3", commit); // a release without a build
    git("branch", "v1.2.3+2", commit); // a branch with the name of a tag
    git("tag", "builds/v1.2.3+3", commit); // a tag in a folder
    git("tag", "-a", "-m", "annotated", "v1.2.3+4", tree); // a tag of a tree
  }
}

/** A TCP and UDP port that logs every visit and refuses it. */
class OpenPort {
  readonly visits: string[] = [];
  private readonly server = createServer((socket) => {
    this.visits.push("a connection");
    socket.on("error", () => undefined).destroy();
  });
  private readonly socket = createSocket("udp4", (query, from) => {
    this.visits.push("a datagram");
    const answer = Buffer.from(query);
    answer.writeUInt16BE(0x8005, 2); // DNS: an answer, REFUSED
    this.socket.send(answer, from.port, from.address);
  });

  static async open(): Promise<OpenPort> {
    for (;;) {
      const port = new OpenPort();
      await once(port.server.listen(0, "127.0.0.1"), "listening");
      if (await port.alsoUdp()) return port;
      await port.close();
    }
  }

  get number(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.socket.close();
    this.server.close();
    await once(this.server, "close");
  }

  /** False when another process has the UDP port of the same number. */
  private alsoUdp(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.socket.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? resolve(false) : reject(error),
      );
      this.socket.bind(this.number, "127.0.0.1", () => resolve(true));
    });
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").trim().split("\n");
  } catch {
    return []; // no tool was called
  }
}
