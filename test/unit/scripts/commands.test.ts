import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import type { Command } from "../../../infra/base/cli/command";
import { parse, unknownCommand } from "../../../infra/base/cli/parse";
import { COMMANDS, listed } from "../../../scripts/commands";

type Name = keyof typeof COMMANDS;

describe("commands", () => {
  const commands = new Map<Name, Command>();
  before(async () => {
    for (const name of Object.keys(COMMANDS) as Name[]) commands.set(name, (await COMMANDS[name].load()).command);
  });

  it("have a summary of one line without a full stop", () => {
    for (const { summary } of listed()) match(summary, /^[A-Z][^.\n]{10,80}$/);
  });

  it("describe every argument, option and variable in sentences", () => {
    for (const [name, command] of commands) {
      const parts = [...Object.values(command.arguments), ...Object.values(command.flags), ...command.environment];
      for (const { help } of parts) match(help, /^[A-Z].*[.`]$/, `${name}: ${help}`);
      for (const paragraph of command.about) match(paragraph, /^[A-Z`].*\.$/, name);
    }
  });

  it("show two examples or more, each of which their own parser reads", () => {
    for (const [name, command] of commands) {
      ok(command.examples.length >= 2, name);
      for (const [call] of command.examples) {
        const [, line] = /smeshnet ([^|>)]*)/.exec(call) ?? [];
        const words = [...(line ?? "").matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b ?? "");
        deepStrictEqual(words.slice(0, name.split(" ").length), name.split(" "), call);
        parse(name, command, words.slice(name.split(" ").length));
      }
    }
  });

  it("never refer the reader to the help of another command", () => {
    for (const [name, command] of commands) {
      const texts = [...command.about, ...Object.values(command.flags).map(({ help }) => help)];
      for (const text of texts) doesNotMatch(text, /\bas for\b/, name);
    }
  });
});

describe("unknownCommand", () => {
  const nearest = (...words: string[]) => unknownCommand(Object.keys(COMMANDS), words).fix;

  it("names the nearest command", () => {
    strictEqual(nearest("depoly"), "Did you mean `smeshnet deploy`?");
    strictEqual(nearest("promot", "v1.2.3"), "Did you mean `smeshnet promote`?");
    strictEqual(nearest("archive", "lst"), "Did you mean `smeshnet archive list`?");
  });

  it("names the list of commands when none is near", () => {
    strictEqual(nearest("xyzzy"), "Run `smeshnet` for the list of commands.");
  });
});
