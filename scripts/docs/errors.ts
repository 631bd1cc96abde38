import { type ErrorMessage, isError, messagesByFile } from "./messages";

const INTRODUCTION = `A command that fails prints one line, \`error[CODE]: what is wrong. What to do.\` Scripts may depend on the code, which
stays. The sentences may change. The exit code is 2 for bad input and 1 for any other cause. An interrupted command ends with
130.

Words in braces stand for values, \`…\` for what another program said.

This page is generated: run \`npm run docs\` after a change of an error.`;

/** docs/errors.md: every error code with its sentences, from the source. */
export function errorsPage(): string {
  const errors = messagesByFile().flatMap(({ messages }) => messages.filter(isError));
  const codes = [...new Set(errors.map(({ code }) => code))].filter((code) => /^\w+$/.test(code)).sort();
  const sections = codes.map((code) => {
    const same = errors.filter((error) => error.code === code);
    return `## ${code}\n\n${[...new Set(same.map(line))].join("\n")}`;
  });
  return `${["# Errors", INTRODUCTION, ...sections].join("\n\n")}\n`;
}

function line({ what, fix, exitCode }: ErrorMessage): string {
  const advice = readable(fix) === "…" ? "The line says what to do." : readable(fix);
  return `- ${[readable(what), advice && `*${advice}*`].filter(Boolean).join(" ")} (exit code ${exitCode})`;
}

/** A sentence in which names stand for what the source computes. */
function readable(text: string): string {
  const innermost = /\{([^{}]*)\}/g;
  let words = text;
  while (innermost.test(words)) words = words.replace(innermost, (_, expression: string) => placeholder(expression));
  return words.replaceAll("⟨", "{").replaceAll("⟩", "}").replaceAll("*", "\\*");
}

/** `tag` -> {tag}, `shown(value)` -> {value}, `a|b` stays a choice, any other expression -> … */
function placeholder(expression: string): string {
  const [, name] = /^(?:shown\()?(?:\w+\.)*(\w+)\)?$/.exec(expression) ?? [];
  if (name !== undefined) return `⟨${name}⟩`;
  if (expression.includes("|") && !/[()[\]]/.test(expression)) return `⟨${expression}⟩`;
  return "…";
}
