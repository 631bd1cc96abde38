import { spawn } from "node:child_process";
import { CHECKOUT } from "../home";
import { finishJob } from "./jobs";

/** Runs one deployment as the repository's CI would, and writes down how it ended. Arguments: sandbox folder, tag. */
const [home, tag] = process.argv.slice(2) as [string, string];
const child = spawn(process.execPath, ["--import", "tsx", "scripts/deploy.ts", tag], {
  cwd: CHECKOUT,
  stdio: "inherit",
});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("close", (exitCode) => finishJob(home, tag, exitCode));
