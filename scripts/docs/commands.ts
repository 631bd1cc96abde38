import { renderMarkdown } from "../../infra/base/cli/help";
import { COMMANDS, listed } from "../commands";

/** docs/commands.md: the help of every command, by step of the release cycle. */
export async function commandsPage(): Promise<string> {
  const all = await Promise.all(
    listed().map(async (one) => {
      const { command } = await COMMANDS[one.name as keyof typeof COMMANDS].load();
      return { group: one.group, text: renderMarkdown(one, command) };
    }),
  );
  const groups = [...new Set(all.map(({ group }) => group))].map((group) => {
    const texts = all.filter((one) => one.group === group).map(({ text }) => text);
    return [`## ${group}`, ...texts].join("\n\n");
  });
  return `${["# Commands", INTRODUCTION, ...groups].join("\n\n")}\n`;
}

const INTRODUCTION =
  "`smeshnet COMMAND --help` prints the same text. This page is generated: run `npm run docs` after a change of a command.";
