// How the engine's events name and mark things.

/** The name of a resource: `network` of `urn:pulumi:1_2_3_1::smeshnet::...::network`. */
export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** The type of a resource, without those of its parents. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** A text without the engine's marks of colours, `<{%reset%}>`. */
export const stripColours = (text: string): string => text.replace(/<\{%[^%]*%\}>/g, "");

/** Whether a resource is a component of ours. */
export const isComponent = (urn: string): boolean => typeOf(urn).startsWith("smeshnet:");

/** Whether a resource is a provider or the stack itself. */
export const isMachinery = (urn: string): boolean => typeOf(urn).startsWith("pulumi:");

/** Whether a resource is a step: a command of ours that the engine runs. */
export const isStep = (urn: string): boolean => typeOf(urn).startsWith("command:");

/** A step by its name, any other resource with its kind: `Deployment explorer-api`. */
export const labelOf = (urn: string): string =>
  isStep(urn) ? nameOf(urn) : `${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}`;

/** The lines in which a command of ours says why it failed and what to do, as errorText and fixText write them. */
const REASON = /^error\[(\w+)\]: (.+)$/gm;
const FIX = /^fix\[(\w+)\]: (.+)$/gm;

/** Why a step failed. */
export interface StepReason {
  readonly code: string;
  /** What is wrong and what to do, on one line. */
  readonly reason: string;
  /** What is wrong, and what to do if the step says so. */
  readonly saw: string;
  readonly fix?: string;
}

/** A failed step's text is its command line and all its output, which was shown as it came. The reason is enough. */
export function reasonOfStep(text: string): StepReason | undefined {
  const [, code, reason] = [...text.matchAll(REASON)].at(-1) ?? [];
  if (!code || !reason) return undefined;
  const [, , fix] = [...text.matchAll(FIX)].filter(([, of]) => of === code).at(-1) ?? [];
  if (!fix || !reason.endsWith(` ${fix}`)) return { code, reason, saw: reason };
  return { code, reason, saw: reason.slice(0, -fix.length - 1), fix };
}

/** Whether an output of a step tells only why it fails. */
export const isReason = (text: string): boolean => /^(error|fix)\[\w+\]: /m.test(text);

/** A violation of the policy pack. Its first line describes the rule, the rest says what to do. */
export function violationIn(message: string): string {
  const [rule = "", ...lines] = stripColours(message).trim().split("\n");
  return lines.join(" ") || rule;
}
