import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readSettings, type Settings } from "../../infra/base/model/settings";

/** Valid settings: the project's defaults, and the settings that each operator must add. */
export const SETTINGS_OF_AN_OPERATOR: Readonly<Record<string, unknown>> = {
  ...projectDefaults(),
  zoneId: "zone",
  accountId: "account",
  gcpProject: "project",
  gcpLocation: "us-east1",
  gcpZone: "us-east1-b",
  archive: "file:///archive",
};

/** Valid settings with some of them changed. */
export const settingsWith = (changes: Record<string, unknown> = {}): Settings =>
  readSettings((key) => ({ ...SETTINGS_OF_AN_OPERATOR, ...changes })[key]);

function projectDefaults(): Record<string, unknown> {
  const project = parse(readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(project.config).map(([key, entry]) => {
      const value = typeof entry === "object" && entry !== null && "value" in entry ? entry.value : entry;
      return [key.replace("smeshnet:", ""), value];
    }),
  );
}
