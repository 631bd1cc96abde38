import { previewStack } from "../infra/review/preview/stack";
import { serveJobs } from "../infra/review/preview/worker";

// A process that previews stacks, one at a time. It loads the SDK and the programs once. A process of its own, because
// the SDK blames an error that nobody handles on every program that runs in the process.

serveJobs(async (job, signal) => {
  const program = async () => (await import("../stacks/index.js")).default();
  return previewStack(job, program, signal);
});
