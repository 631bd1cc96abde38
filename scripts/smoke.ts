import { as, defineCommand, flagWithDefault, toggle } from "../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../infra/base/cli/environment";
import { buildTagArgument } from "../infra/base/cli/flags";
import { answer, printText } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import { buildTag, stackName } from "../infra/base/model/build-tag";
import { layerCount } from "../infra/base/model/formats";

export const command = defineCommand({
  about: [
    "Runs the smoke test on the nodes of a network. All nodes answer with one genesis id and the expected version, and " +
      "are built from the deployed commit if they tell theirs. They have peers and are synced. Layers and verified " +
      "layers rise past the effective genesis, state roots are equal, and the poets answer.",
    "Layers count by the nodes. If the clock of this machine is wrong, the first line says by how much.",
    "A check that cannot run is reported as `unmade` and fails the test.",
    "When most nodes do not answer, the command asks the cluster for their addresses of today, as `simmer watch` does.",
  ],
  arguments: { tag: buildTagArgument },
  flags: {
    json: toggle("Print the report as JSON."),
    limitLayers: flagWithDefault(
      "N",
      as(layerCount),
      "Number of layers that the test may take, counted from now or from the effective genesis, whichever is later.",
      "30",
    ),
  },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet smoke v1.2.3+1", "Test a network again."],
    [
      "smeshnet smoke v1.2.3+1 --limit-layers 5 --json",
      "Give up after five layers, and print the report for a script.",
    ],
  ],
  async run({ tag }, { json, limitLayers }, run) {
    const [
      { outputsOf },
      { smokeTest },
      { renderReport, requirePassed },
      { isComplete, readOutputs, VersionOutputs },
      { byClients, proxyInto },
      { kubeconfigOf },
    ] = await Promise.all([
      import("../infra/base/engine/state.js"),
      import("../infra/deploy/smoke/run.js"),
      import("../infra/deploy/smoke/report.js"),
      import("../infra/base/model/outputs.js"),
      import("../infra/base/observe/nodes.js"),
      import("../infra/deploy/network/driver.js"),
    ]);
    const text = buildTag(tag);
    const outputs = await outputsOf(stackName(tag), run);
    if (!isComplete(outputs))
      throw new UserError("NetworkIncomplete", `${text} is not complete.`, `Run \`smeshnet deploy ${text}\` first.`);
    const { facts, versions, commit } = readOutputs(VersionOutputs, stackName(tag), outputs);
    const network = async () => {
      const [{ openProjectToRead }, { madeBy }, { credentials }] = await Promise.all([
        import("./store.js"),
        import("../infra/deploy/network/drivers.js"),
        import("../infra/base/cli/credentials.js"),
      ]);
      const { settings, store } = await openProjectToRead();
      return madeBy(tag, { facts, versions }, settings, { store, credentials: credentials() });
    };
    const today = async () => {
      const { driver, spec } = await network();
      return driver.facts(spec, run);
    };
    const kubeconfig = async () => {
      const { driver, spec } = await network();
      return kubeconfigOf(driver, spec, run);
    };
    const calls = byClients(proxyInto(facts, kubeconfig, run.signal));
    const report = await smokeTest({ facts, versions, commit, limitLayers, today }, run, calls);
    if (json) answer(report);
    else printText(renderReport(report));
    requirePassed(report, `smeshnet smoke ${text}`);
  },
});
