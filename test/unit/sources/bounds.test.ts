import { deepStrictEqual } from "node:assert";
import ts from "typescript";
import { nodesOf, parsed, placeOf, sources } from "../../support/sources";

/** The files that read with a limit for all others. */
const READERS = ["infra/base/lib/bounded.ts", "infra/base/lib/bounded-fetch.ts", "infra/base/lib/exec.ts"];

/** Sources that run with what others write. `scripts/setup` and `scripts/docs` read only files of this repository. */
const isConcerned = ({ fileName }: ts.SourceFile): boolean =>
  /^(infra|tap|policy|components|stacks|scripts)\//.test(fileName) &&
  !/^scripts\/(setup|docs)/.test(fileName) &&
  !READERS.includes(fileName);

/** Functions of Node.js that read all there is. */
const GREEDY: Readonly<Record<string, readonly string[]>> = {
  "node:fs": ["readFileSync", "readFile"],
  "node:fs/promises": ["readFile"],
  "node:stream/consumers": ["text", "json", "buffer", "arrayBuffer", "blob"],
  "node:child_process": ["exec", "execSync", "execFile", "execFileSync", "spawnSync"],
};

/** Methods of answers that read all there is. */
const OF_ANSWERS = ["text", "json", "arrayBuffer", "blob", "bytes"];

/** Places that read without a limit. */
function greedy(source: ts.SourceFile): string[] {
  return nodesOf(source).flatMap((node) => {
    const name = ts.isImportDeclaration(node) ? greedyImport(node) : greedyCall(node);
    return name === undefined ? [] : [`${placeOf(node)} ${name}`];
  });
}

function greedyImport({ importClause, moduleSpecifier }: ts.ImportDeclaration): string | undefined {
  const module = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return undefined;
  return bindings.elements
    .map(({ name, propertyName }) => (propertyName ?? name).text)
    .find((name) => GREEDY[module]?.includes(name));
}

function greedyCall(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression: called } = node;
  if (ts.isIdentifier(called) && called.text === "fetch") return "fetch";
  if (!ts.isPropertyAccessExpression(called)) return undefined;
  const name = called.name.text;
  if (name === "readFile" || name === "readFileSync") return name;
  return node.arguments.length === 0 && OF_ANSWERS.includes(name) ? `.${name}()` : undefined;
}

const planted = (text: string): string[] => greedy(parsed("planted.ts", text));

describe("sources", () => {
  it("read nothing without a limit", () => {
    // The first is the limit's own file; the second runs in a visitor's browser, as a text.
    deepStrictEqual(sources().filter(isConcerned).flatMap(greedy), []);
  });

  for (const [name, text] of [
    ["a file", 'import { readFile as read } from "node:fs/promises";'],
    ["a file by its module", 'import * as fs from "node:fs";\nfs.readFileSync("a");'],
    ["a stream", 'import { text } from "node:stream/consumers";'],
    ["an answer", "const a = await answer.json();"],
    ["an address", 'const a = await fetch("http://127.0.0.1/");'],
    ["a program", 'import { execFileSync } from "node:child_process";'],
  ] as const) {
    it(`are refused when they read ${name} without one`, () => deepStrictEqual(planted(text).length, 1));
  }
});
