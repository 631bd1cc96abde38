import { type Command, type Flag, flagName, type Variable } from "./command";

/** A command in the list of commands. */
export interface Listed {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
}

/** What every command ends with. */
export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ["0", "The command verified its result."],
  ["1", "Something outside failed: the error names it and what to do."],
  ["2", "The input is wrong: nothing was touched."],
  ["130", "Interrupted: what was done is kept. Run the same command again to continue."],
];

/** The width that a terminal has at least, in characters. */
const WIDTH = 100;

/** All commands, in groups by step of the release cycle. */
export function renderList(commands: readonly Listed[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const groups = [...new Set(commands.map(({ group }) => group))].map((group) => {
    const lines = commands.filter((one) => one.group === group).map(({ name, summary }) => [name, summary] as const);
    return `${group}:\n${table(lines, width)}`;
  });
  return [
    "smeshnet runs the Spacemesh release cycle.",
    "Usage: smeshnet COMMAND [ARGUMENTS]",
    ...groups,
    "Run `smeshnet COMMAND --help` for the arguments and examples of a command.",
  ].join("\n\n");
}

/** The help of one command. */
export function renderHelp({ name, summary }: Listed, command: Command): string {
  const flags = [
    ...Object.entries(command.flags).map(([key, flag]) => flagLine(key, flag)),
    ["-h, --help", "Show this help."] as const,
  ];
  const sections: (readonly [title: string, lines: readonly (readonly [string, string])[]])[] = [
    ["Arguments", Object.values(command.arguments).map(({ name, help }) => [name, help] as const)],
    ["Options", flags],
    ["Environment", command.environment.map(({ name, help }: Variable) => [name, help] as const)],
  ];
  return [
    `${summary}.`,
    usageLine(name, command),
    ...command.about.map((paragraph) => wrap(paragraph, WIDTH).join("\n")),
    ...sections.filter(([, lines]) => lines.length > 0).map(([title, lines]) => `${title}:\n${table(lines)}`),
    `Examples:\n${command.examples.map(([call, meaning]) => `  ${call}\n      ${meaning}`).join("\n")}`,
    `Exit codes:\n${table(EXIT_CODES)}`,
  ].join("\n\n");
}

/** The same as a section of docs/commands.md. */
export const renderMarkdown = (listed: Listed, command: Command): string =>
  `### \`smeshnet ${listed.name}\`\n\n\`\`\`text\n${renderHelp(listed, command)}\n\`\`\``;

function usageLine(name: string, command: Command): string {
  const values = Object.values(command.arguments).map(({ name, isOptional, isRest }) =>
    isRest ? `[${name}...]` : isOptional ? `[${name}]` : name,
  );
  const flags = Object.keys(command.flags).length > 0 ? ["[OPTIONS]"] : [];
  return `Usage: ${["smeshnet", name, ...values, ...flags].join(" ")}`;
}

function flagLine(key: string, flag: Flag<unknown>): readonly [string, string] {
  const form = flag.value ? `${flagName(key)} ${flag.value}` : flagName(key);
  return [form, flag.default === undefined ? flag.help : `${flag.help} (default: ${flag.default})`];
}

/** Names on the left, their meaning on the right. A long name has its line to itself. */
function table(lines: readonly (readonly [name: string, meaning: string])[], width = 0): string {
  const LONGEST = 24;
  const left = Math.max(width, ...lines.map(([name]) => name.length).filter((length) => length <= LONGEST)) + 2;
  return lines
    .flatMap(([name, meaning]) => {
      const [first = "", ...rest] = wrap(meaning, WIDTH - left - 2);
      const indent = " ".repeat(left + 2);
      const begin = name.length > left - 2 ? [`  ${name}`, indent + first] : [`  ${name.padEnd(left)}${first}`];
      return [...begin, ...rest.map((line) => indent + line)];
    })
    .join("\n");
}

/** Breaks a text into lines between words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
