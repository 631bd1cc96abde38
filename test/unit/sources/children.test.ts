import { deepStrictEqual } from "node:assert";
import ts from "typescript";
import { nodesOf, parsed, placeOf, sources } from "../../support/sources";

/** Functions of Node.js that start a program. */
const STARTS = ["spawn", "fork", "exec", "execFile", "spawnSync", "execSync", "execFileSync"];

/** Sources that run where secrets are. `scripts/setup` and `scripts/docs` build this repository. */
const isConcerned = ({ fileName }: ts.SourceFile): boolean =>
  /^(infra|tap|policy|components|stacks|scripts)\//.test(fileName) && !/^scripts\/(setup|docs)/.test(fileName);

/** Places that start a program without saying which environment it gets. */
function unnamed(source: ts.SourceFile): string[] {
  const starters = startersIn(source);
  if (starters.size === 0) return [];
  return nodesOf(source).flatMap((node) => {
    if (!ts.isCallExpression(node) || !starters.has(node.expression.getText())) return [];
    const options = node.arguments.at(-1);
    const isNamed =
      options !== undefined &&
      ts.isObjectLiteralExpression(options) &&
      options.properties.some((property) => property.name?.getText() === "env");
    return isNamed ? [] : [`${placeOf(node)} ${node.expression.getText()}`];
  });
}

/** What a source calls the functions that start a program. */
function startersIn(source: ts.SourceFile): ReadonlySet<string> {
  const names = source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !/"(node:)?child_process"/.test(statement.moduleSpecifier.getText()))
      return [];
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) return STARTS.map((start) => `${bindings.name.text}.${start}`);
    return (bindings?.elements ?? []).flatMap(({ name, propertyName }) =>
      STARTS.includes((propertyName ?? name).text) ? [name.text] : [],
    );
  });
  return new Set(names);
}

/** Places that hand their environment on as a whole. */
const inherited = (source: ts.SourceFile): string[] =>
  startersIn(source).size === 0
    ? []
    : nodesOf(source).flatMap((node) => {
        const value = ts.isPropertyAssignment(node) && node.name.getText() === "env" ? node.initializer.getText() : "";
        return /^(process\.env$|\{ \.\.\.process\.env\b)/.test(value) ? [`${placeOf(node)} ${value}`] : [];
      });

describe("sources", function () {
  this.timeout(30_000); // it parses every file

  it("say which environment every program gets that they start, and hand none on as it is", () => {
    const all = sources().filter(isConcerned);
    deepStrictEqual([...all.flatMap(unnamed), ...all.flatMap(inherited)], []);
  });

  for (const [name, text] of [
    ["spawn", 'import { spawn } from "node:child_process";\nspawn("git", [], { cwd: "/" });'],
    ["spawn by another name", 'import { spawn as start } from "node:child_process";\nstart("git");'],
    ["fork", 'import { fork } from "child_process";\nfork("a.js", options);'],
    ["the module", 'import * as children from "node:child_process";\nchildren.execFile("git", []);'],
  ] as const) {
    it(`are refused when they start a program by ${name} and do not say so`, () =>
      deepStrictEqual(unnamed(parsed("planted.ts", text)).length, 1));
  }

  for (const text of ["spawn(a, [], { env: process.env });", "spawn(a, [], { env: { ...process.env, A: b } });"]) {
    it(`are refused when they hand on all: ${text}`, () =>
      deepStrictEqual(
        inherited(parsed("planted.ts", `import { spawn } from "node:child_process";\n${text}`)).length,
        1,
      ));
  }
});
