import { as, defineCommand, flagWithDefault, toggle } from "../infra/base/cli/command";
import { DISCORD, LOOKING, secretsIn } from "../infra/base/cli/environment";
import { answer, print } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import { whole } from "../infra/base/model/formats";

const VARIABLES = [...LOOKING, ...DISCORD];

const seconds = whole(1, 600).describe("a number of seconds, 1 to 600");

export const command = defineCommand({
  about: [
    "Checks everything that a first deployment needs, before anything is touched: tools and their versions, settings, " +
      "the keys of records and states, the state backend, the cluster or Google Cloud, Cloudflare, the store, the node " +
      "repository and the Discord webhook.",
    "With the driver kubernetes it asks the cluster of the setting kubeContext for its version, for every right that a " +
      "deployment needs, for enough room for the network, and for the StorageClass.",
    "The command changes nothing anywhere and shows no secret. A line begins with ok, warn or fail, and ends with the " +
      "fix in brackets. What a read cannot prove, such as a right to write, is named as not proven.",
    "It fails if any line begins with fail: with exit code 2 if a setting is wrong, else with 1.",
    'The JSON has "schema" (1), "driver", "demand" and "findings". A finding has "name", "state", "what" and may have ' +
      '"fix" and "unproven". The demand has the "kinds" of pods and their "total": "pods", "cpuMillis", "memoryBytes", ' +
      '"diskBytes". Names and states are stable, the words may change.',
  ],
  arguments: {},
  flags: {
    json: toggle("Print all findings as JSON, with the pods, cores, memory and disks that the network asks for."),
    timeout: flagWithDefault("S", as(seconds), "Time limit of each check in seconds, 1 to 600.", "20"),
  },
  environment: VARIABLES,
  examples: [
    ["smeshnet doctor", "Check this machine, its settings and its tokens before the first deployment."],
    ["smeshnet doctor --timeout 60", "Wait longer for a slow network."],
    ["smeshnet doctor --json", "Print the findings for a script, and what the network asks of a cluster."],
  ],
  async run(_, { json, timeout }, run) {
    const [{ readableSettingsOfProject }, { credentials }, { diagnosis, lineOf, namesOf }] = await Promise.all([
      import("../infra/base/engine/project.js"),
      import("../infra/base/cli/credentials.js"),
      import("../infra/doctor/run.js"),
    ]);
    const { settings, mistakes } = await readableSettingsOfProject(process.env);
    const secrets = secretsIn(VARIABLES, process.env);
    const patient = { settings, mistakes, environment: process.env, credentials: credentials(), secrets, timeout };
    const found = await diagnosis(patient, run);
    if (json) answer(found);
    else print(...found.findings.map(lineOf));
    const failed = namesOf(found.findings, "fail");
    if (failed.length === 0) return;
    throw new UserError(
      "DoctorFound",
      `A first deployment would fail: ${failed.join(", ")}.`,
      "Do what the lines that begin with fail say, then run `smeshnet doctor` again.",
      mistakes.length > 0 ? 2 : 1,
    );
  },
});
