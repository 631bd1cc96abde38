import type { Refusal } from "./valid";

/** Refusals that many commands share. */

export const refusal = (code: string, ...names: readonly string[]): Refusal => ({ code, names });

/** Wrong words or flags of a command. @param names parts of the words that the error must repeat */
export const usage = (command: string, ...names: readonly string[]): Refusal =>
  refusal("UsageInvalid", `\`smeshnet ${command} --help\``, ...names);

/** Too few or too many words of a step. @param form as the error shows it, e.g. `guard TAG` */
export const stepUsage = (form: string): Refusal => refusal("UsageInvalid", `\`smeshnet step ${form}\``);

/** A step has other actions. */
export const notAnAction = (given: string, ...known: readonly string[]): Refusal =>
  refusal("ActionUnknown", `"${given}"`, known.join(", "));

export const notATag = (given: string): Refusal =>
  refusal("BuildTagInvalid", JSON.stringify(given), "v1.2.3+1", "build number from 1");

export const notARelease = (given: string): Refusal =>
  refusal("ReleaseTagInvalid", JSON.stringify(given), "v1.2.3", "without a build");

/** A variable is not set, or empty. @param names further parts of the sentence about it */
export const notSet = (variable: string, ...names: readonly string[]): Refusal =>
  refusal("VariableMissing", variable, ...names);

/** A variable has another format. @param expected parts of the sentence about what is expected */
export const invalid = (variable: string, ...expected: readonly string[]): Refusal =>
  refusal("VariableInvalid", variable, ...expected);

export const notJson = (variable: string, ...expected: readonly string[]): Refusal =>
  refusal("VariableNotJson", variable, "JSON", ...expected);

/** A value on the command line has another format. @param expected parts of the sentence about what is expected */
export const invalidArgument = (argument: string, value: string, ...expected: readonly string[]): Refusal =>
  refusal("ArgumentInvalid", argument, JSON.stringify(value), ...expected);

/** A document describes another network. */
export const otherNetwork = (variable: string, found: string, wanted: string): Refusal =>
  refusal("VariableOfOtherNetwork", variable, `"${found}"`, wanted);

/** A URL in a variable does not name a store. */
export const notAStore = (url: string): Refusal =>
  refusal(
    "StoreUrlInvalid",
    `"${url}"`,
    "file:///absolute/folder",
    "s3://",
    "gs://bucket/prefix",
    "without credentials",
  );

/** One setting of the project is wrong. @param expected parts of the sentence about what is expected */
export const wrongSetting = (key: string, variable: string, ...expected: readonly string[]): Refusal =>
  refusal("SettingsInvalid", `smeshnet:${key}`, "Pulumi.yaml", variable, ...expected);

export const notAWebhook = (secret: string): Refusal => ({
  ...refusal("WebhookInvalid", "DISCORD_WEBHOOK", "https://discord.com/api/webhooks/ID/TOKEN"),
  hides: [secret],
});
