import { spawn } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT, places } from "../home";
import { finishJob } from "./jobs";
import { commandOf } from "./pushed-tags";

/** Runs one deployment or promotion as CI would, and records how it ended. Arguments: sandbox folder, tag. */
const [home, tag] = process.argv.slice(2) as [string, string];
const events = join(places(home).logs, `ci-${tag}.events.jsonl`);
const args = ["scripts/smeshnet.cjs", commandOf(tag), tag, "--events", events];
const child = spawn(process.execPath, args, { cwd: CHECKOUT, stdio: "inherit" });
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("close", (exitCode) => finishJob(home, tag, exitCode));
