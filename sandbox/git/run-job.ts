import { spawn } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT, places } from "../home";
import { finishJob } from "./jobs";
import { verbOf } from "./pushed-tags";

/** Runs one deployment or promotion as the repository's CI would, and writes down how it ended. Arguments: sandbox folder, tag. */
const [home, tag] = process.argv.slice(2) as [string, string];
const events = join(places(home).logs, `ci-${tag}.events.jsonl`);
const args = ["-r", "./infra/preload.cjs", `scripts/${verbOf(tag)}.ts`, tag, "--events", events];
const child = spawn(process.execPath, args, { cwd: CHECKOUT, stdio: "inherit" });
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("close", (exitCode) => finishJob(home, tag, exitCode));
