import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { realPaths } from "../../../sandbox/kubernetes/expansion";
import { type Call, lineOf } from "./programs";

/** Writes down how it was called: its name, the number of its arguments, and these. */
const NOTE = `#!/bin/sh
printf '%s\\0' "\${0##*/}" "$#" "$@" >> "$JOINER_CALLS"
`;

/** Keeps wallets where smcli does (spacemeshos/smcli common/common.go), and fails without the file to read. */
const SMCLI = `${NOTE}case "$2" in
create) mkdir -p "$HOME/.spacemesh" && : > "$HOME/.spacemesh/wallet_2026-11-29T07-01-06.000Z.json" ;;
read) for file; do :; done; test -f "$file" ;;
esac
`;

/** Flags of a node that name a file or folder. */
const PATHS = ["-c", "--config", "-d", "--data-folder", "--smeshing-opts-datadir"];

/** How a container of a node is to be started. */
export interface NodeStart {
  /** Absent for a binary. */
  readonly image?: string;
  /** With the real paths. */
  readonly args: readonly string[];
  /** Folder that the node may write to, at its own path. */
  readonly mounts: Readonly<Record<string, string>>;
}

/**
 * A machine of somebody who joins: an empty folder in which a shell runs what the page says. `curl` is real. The other
 * programs write down how they were called.
 */
export class Joiner {
  readonly folder = mkdtempSync(join(tmpdir(), "joiner-"));
  private readonly calls = join(this.folder, ".calls");

  constructor() {
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    const here = ["go-spacemesh", "cli_wallet_linux_amd64"].map((name) => join(this.folder, name));
    for (const file of [...here, join(bin, "docker"), join(bin, "spacemesh")])
      writeFileSync(file, NOTE, { mode: 0o755 });
    writeFileSync(join(this.folder, "smcli"), SMCLI, { mode: 0o755 });
  }

  /**
   * Runs lines of a page in a shell that ends at the first failure.
   * @throws {Error} when one fails
   */
  async run(lines: string): Promise<{ readonly stdout: string; readonly calls: readonly Call[] }> {
    writeFileSync(this.calls, "");
    const env = { PATH: `${this.folder}/bin:${process.env.PATH}`, HOME: this.folder, JOINER_CALLS: this.calls };
    const { stdout } = await promisify(execFile)("sh", ["-eu", "-c", lines], { cwd: this.folder, env });
    return { stdout, calls: callsIn(readFileSync(this.calls, "utf8")) };
  }

  /** What a call of a node, or of Docker with a node's image, starts. */
  nodeOf(call: Call): NodeStart {
    if (call.program !== "docker") {
      const args = call.args.map((arg, i) =>
        PATHS.includes(call.args[i - 1] ?? "") ? resolve(this.folder, arg) : arg,
      );
      return { args, mounts: { "/work": this.folder } };
    }
    const { flags, rest } = lineOf(call);
    const [image = "", ...args] = rest;
    const [folder = "", inside = ""] = (flags.get("-v") ?? "").split(":");
    const mounts = { [inside]: folder };
    return { image, args: args.map((arg) => realPaths(arg, mounts)), mounts };
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function callsIn(notes: string): Call[] {
  const words = notes.split("\0").slice(0, -1);
  const calls: Call[] = [];
  for (let program = words.shift(); program !== undefined; program = words.shift()) {
    const args = words.splice(0, Number(words.shift()));
    calls.push({ program, args });
  }
  return calls;
}
