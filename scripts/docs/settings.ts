import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { isObject } from "../../infra/base/lib/json";
import { NAMESPACE, Settings, variableOf } from "../../infra/base/model/settings";

const INTRODUCTION = `A stack reads its settings from \`config:\` in [Pulumi.yaml](../Pulumi.yaml). An environment variable wins over the
file. A file \`Pulumi.STACK.yaml\` in the folder \`stacks\` changes the settings of one stack. A list is written with
commas in a variable, and the versions as JSON. A wrong value stops a command before anything is touched.

A setting without a default is **required**. Secrets are no settings: they come from the environment only, and
\`smeshnet COMMAND --help\` names them.

This page is generated: run \`npm run docs\` after a change of a setting.`;

const Project = z.object({ config: z.record(z.string(), z.unknown()) });

/** A setting that is written as an object: `value` is Pulumi's word. */
const Structured = z.object({ value: z.unknown() });

/** docs/settings.md: every setting with its variable, its default and its values, from the schema and Pulumi.yaml. */
export function settingsPage(): string {
  const { config } = Project.parse(parse(readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8")));
  const rows = Object.entries(Settings.shape).map(([key, form]) => {
    const { success, data } = Structured.safeParse(config[`${NAMESPACE}:${key}`]);
    const preset = success ? data.value : config[`${NAMESPACE}:${key}`];
    const initial = preset === undefined && form.safeParse(undefined).success ? "none" : shown(preset);
    return `| \`${key}\`<br>\`${variableOf(key)}\` | ${initial} | ${sentence(form.description ?? "")} |`;
  });
  const table = ["| setting, variable | default | meaning |", "|--|--|--|", ...rows].join("\n");
  return `${["# Settings", INTRODUCTION, table].join("\n\n")}\n`;
}

/** A default as its cell shows it. */
function shown(preset: unknown): string {
  if (preset === undefined) return "**required**";
  if (Array.isArray(preset)) return `\`${preset.join(",")}\``;
  if (typeof preset !== "object" || preset === null) return `\`${preset}\``;
  return Object.entries(preset)
    .map(([name, value]) => `\`${name}\` \`${isObject(value) ? JSON.stringify(value) : value}\``)
    .join("<br>");
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replaceAll("|", "\\|");
