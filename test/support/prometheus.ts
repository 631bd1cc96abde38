import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { toolchain } from "./toolchain";

/** Runs promtool. @throws when it fails, with what it said */
export const promtool = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(join(toolchain().bin, "promtool"), args, { encoding: "utf8" });

/** A real Prometheus on loopback, which scrapes nothing unless it is told. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    /** Without a slash at its end. */
    readonly url: string,
  ) {}

  /** @param folder with `data`, where blocks may lie; it is made if it is missing */
  static async start(folder: string, config = "{}"): Promise<Prometheus> {
    mkdirSync(join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "prometheus.yml"), config);
    const child = spawn(
      join(toolchain().bin, "prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        "--web.listen-address=127.0.0.1:0",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    let port = "";
    for await (const line of createInterface(child.stderr)) {
      port = /Listening on.* address=127\.0\.0\.1:(\d{1,5})/.exec(line)?.[1] ?? port;
      if (line.includes("Server is ready to receive web requests")) break;
    }
    child.stderr.resume();
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`);
    return new Prometheus(child, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await ended;
  }
}
