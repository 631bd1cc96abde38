import { deepStrictEqual, ok } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "../../../infra/base/cli/parse";
import { COMMANDS } from "../../../scripts/commands";
import { STEPS } from "../../../scripts/steps";
import { CHECKOUT } from "../../support/checkout";

type Name = keyof typeof COMMANDS;

/** The pages of the repository, by path. Fixtures stand for pages of other repositories. */
const PAGES = new Map(
  execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md", ":!test/fixtures"], {
    cwd: CHECKOUT,
    encoding: "utf8",
  })
    .trim()
    .split("\n")
    .filter((file) => existsSync(join(CHECKOUT, file)))
    .map((file) => [file, readFileSync(join(CHECKOUT, file), "utf8")]),
);

describe("the pages of this repository", () => {
  it("name only commands that exist, with arguments that they take", async () => {
    for (const file of [
      "README.md",
      "CONTRIBUTING.md",
      "docs/concepts.md",
      "docs/operating.md",
      "docs/kubernetes.md",
      "docs/simmer.md",
    ]) {
      const calls = callsIn(PAGES.get(file) ?? "");
      ok(calls.length > 3, file);
      for (const words of calls) {
        const name = ([2, 1].map((n) => words.slice(0, n).join(" ")).find((one) => one in COMMANDS) ?? "") as Name;
        ok(name, `${file}: smeshnet ${words.join(" ")}`);
        const { command } = await COMMANDS[name].load();
        const rest = words.slice(name.split(" ").length);
        const needed = Object.values(command.arguments).some(({ isOptional }) => !isOptional);
        if (rest.length > 0 || !needed) parse(name, command, rest);
      }
    }
  });

  it("name only steps that exist", () => {
    const named = [...(PAGES.get("CONTRIBUTING.md") ?? "").matchAll(/`step (\w+)`/g)].map(([, name = ""]) => name);
    ok(named.length > 5);
    deepStrictEqual(
      named.filter((name) => !(name in STEPS)),
      [],
    );
  });

  it("link only to files that exist, and name only paths that exist", () => {
    const missing = [...PAGES].flatMap(([file, text]) => {
      const links = [...text.matchAll(/\]\(((?!https?:|#)[^)#\s]+)/g)].map(([, path = ""]) =>
        join(dirname(file), path),
      );
      const paths = [
        ...text.matchAll(/`((?:infra|scripts|components|stacks|edge|sandbox|test|docs|bench)\/[\w./-]+)`/g),
      ];
      return [...links, ...paths.map(([, path = ""]) => path)]
        .filter((path) => !/NAME/.test(path) && !existsSync(join(CHECKOUT, path)))
        .map((path) => `${file}: ${path}`);
    });
    deepStrictEqual(missing, []);
  });
});

/** The words of every call of `smeshnet` in code of a page. */
function callsIn(text: string): string[][] {
  const code = [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([part]) => part.replace(/ #.*$/gm, ""));
  const calls = code.flatMap((part) => [...part.matchAll(/^(?:.*?[\s`"(])?smeshnet ([^`\n#)]+)/gm)]);
  return calls
    .map(([, line = ""]) => line.split(/ {2,}| [|>] /)[0] as string)
    .map((line) => [...line.replaceAll("TEXT", "text").matchAll(/"([^"]*)"|\S+/g)])
    .map((words) => words.map(([word, quoted]) => quoted ?? word))
    .map((words) => words.map((word) => ({ TAG: "v1.2.3+1", MESSAGE_ID: "5", COMMAND: "list" })[word] ?? word))
    .filter(([first = ""]) => /^[a-z]/.test(first));
}
