import { defineCommand, flag, toggle } from "../../infra/base/cli/command";
import { SETTINGS, STORE } from "../../infra/base/cli/environment";
import { answer, print } from "../../infra/base/cli/process";
import { UserError } from "../../infra/base/lib/errors";

export const command = defineCommand({
  about: [
    "Commands believe only records that bear the seal of SMESHNET_RECORD_KEY. This command adopts the records of a store " +
      "from before seals, once. It lists what has no seal and changes nothing, until `--adopt` names the list that you " +
      "looked at.",
    "Look at each line: whoever may add objects to the store may have added one. Remove what is not yours, then list " +
      "again. With `--adopt none` the store begins without them.",
    "When SMESHNET_RECORD_KEY holds an older key behind the first, `--reseal` seals its records with the first. Then " +
      "the older key can go.",
  ],
  arguments: {},
  flags: {
    dryRun: toggle("Only list what has no seal, as without any flag."),
    adopt: flag("LIST", (text) => text, "Adopt the objects of the list of this name, or `none`."),
    reseal: toggle("Seal the records of older keys with the first."),
    json: toggle("Print the list, or what was done, as JSON."),
  },
  environment: [...STORE, ...SETTINGS],
  examples: [
    ["smeshnet archive seal --dry-run", "List the objects of the store that have no seal."],
    ["smeshnet archive seal --adopt 5f3a9c02d1e84b67", "Adopt exactly those of the list that you looked at."],
    ["smeshnet archive seal --reseal", "Finish the replacement of a key."],
  ],
  async run(_, { dryRun: dry, adopt, reseal, json }, run) {
    if (dry && (adopt !== undefined || reseal))
      throw new UserError(
        "UsageInvalid",
        "--dry-run excludes --adopt and --reseal.",
        "Look first, then run the command with one of the others.",
        2,
      );
    const [{ credentials }, { settingsOfProject }, { openAdoption }, { surveyLines }] = await Promise.all([
      import("../../infra/base/cli/credentials.js"),
      import("../../infra/base/engine/project.js"),
      import("../../infra/base/store/open.js"),
      import("../../infra/archive/survey.js"),
    ]);
    const adoption = openAdoption((await settingsOfProject(process.env)).archive, credentials());
    if (adopt === undefined && !reseal) {
      const { unproven, ...survey } = await adoption.survey();
      if (!json) return print(...surveyLines({ unproven, ...survey }));
      return answer({ ...survey, unproven: unproven.map(({ body: _body, ...one }) => one) });
    }
    const done = await adoption.adopt(adopt, run);
    if (json) answer(done);
    else print(`${done.adopted} records adopted, ${done.resealed} sealed anew`);
  },
});
