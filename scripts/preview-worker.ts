import { KeptProviders } from "../infra/base/engine/kept-providers";
import { previewStack } from "../infra/review/preview/stack";
import { serveJobs } from "../infra/review/preview/worker";
import { KeptPolicies } from "../policy/kept";

// A process that previews stacks, one at a time. It loads the SDK, the programs and the plugins once. A process of its
// own, because the SDK blames an error that nobody handles on every program that runs in the process.

const providers = new KeptProviders();
const policies = new KeptPolicies();
const plugins = {
  variables: async () => ({ ...(await providers.variables()), ...(await policies.variables()) }),
  takeStack: () => policies.takeStack(),
};

serveJobs(async (job, signal) => {
  const program = async () => (await import("../stacks/index.js")).default();
  return previewStack(job, { program, plugins, signal });
});
