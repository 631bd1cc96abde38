import { deepStrictEqual, ok } from "node:assert";
import { relative } from "node:path";
import ts from "typescript";
import { nodesOf, parsed, placeOf, sources } from "../../support/sources";

/** The file whose functions give the values of JSON texts as `unknown`. */
const READER = "infra/base/lib/json.ts";

/** What a caught value, which is ours or the system's, may be called without a check. */
const OF_ERRORS = ["Error", "NodeJS.ErrnoException"];

/** Sources that a planted text stands beside, so that it may import what they do. */
const PLANTED = "infra/base/lib/planted.ts";

/** Our sources with their types, and a planted one. */
function programOf(text = ""): { readonly checker: ts.TypeChecker; readonly files: readonly ts.SourceFile[] } {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const roots = text === "" ? sources().map(({ fileName }) => fileName) : [PLANTED];
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => (text !== "" && name.endsWith(PLANTED)) || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    text !== "" && name.endsWith(PLANTED) ? parsed(name, text) : getSourceFile(name, ...rest);
  const isTyped = (name: string) => name.endsWith(".ts") && !name.startsWith("edge/");
  const program = ts.createProgram(roots.filter(isTyped), { ...options, incremental: false, types: ["node"] }, host);
  const own = (name: string) => /^(infra|tap|policy|components|stacks|scripts)\//.test(relative(process.cwd(), name));
  return {
    checker: program.getTypeChecker(),
    files: program
      .getSourceFiles()
      .filter(({ fileName }) => (text === "" ? own(fileName) : fileName.endsWith(PLANTED))),
  };
}

/** Casts of what is our own: a declaration of a command, and modules of Node.js. */
const OWN = [
  "infra/base/cli/command.ts: definition as unknown as Command",
  "policy/lean-sdk.ts: load(name) as object",
  "policy/lean-sdk.ts: stub as NodeJS.Module",
];

const place = (node: ts.Node): string => relative(process.cwd(), placeOf(node));

const isUntyped = (type: ts.Type): boolean => (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;

/** Values of an unknown type that are declared to be of one: by `as`, by `<T>`, or by a declaration. */
function castsIn(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  if (relative(process.cwd(), file.fileName) === READER) return [];
  return nodesOf(file).flatMap((node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === "JSON.parse") return [`${place(node)} JSON.parse`];
    const cast = castOf(node);
    if (!cast || isHarmless(cast.type) || !isUntyped(checker.getTypeAtLocation(cast.value))) return [];
    return [`${place(node)} ${cast.value.getText().slice(0, 60)} as ${cast.type.getText()}`];
  });
}

interface Cast {
  readonly value: ts.Expression;
  readonly type: ts.TypeNode;
}

function castOf(node: ts.Node): Cast | undefined {
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) return { value: node.expression, type: node.type };
  if (!ts.isVariableDeclaration(node) && !ts.isPropertyDeclaration(node)) return undefined;
  return node.initializer && node.type ? { value: node.initializer, type: node.type } : undefined;
}

const isHarmless = (type: ts.TypeNode): boolean =>
  ["unknown", "const", ...OF_ERRORS].includes(type.getText()) || type.kind === ts.SyntaxKind.UnknownKeyword;

/** Comparisons of two values of which both may be unknown. */
function comparisonsIn(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const mayBeUnknown = (node: ts.Expression): boolean => {
    const type = checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    return parts.some(
      ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0,
    );
  };
  return nodesOf(file).flatMap((node) =>
    ts.isBinaryExpression(node) &&
    EQUALITIES.includes(node.operatorToken.kind) &&
    ![node.left, node.right].some(isWritten) &&
    mayBeUnknown(node.left) &&
    mayBeUnknown(node.right)
      ? [`${place(node)} ${node.getText()}`]
      : [],
  );
}

const EQUALITIES: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
];

/** `undefined`, `"text"`, `null`: then the question is about this value. */
const isWritten = (node: ts.Expression): boolean =>
  ts.isLiteralExpression(node) || ["undefined", "null", "true", "false"].includes(node.getText());

/**
 * Comparisons in which two absent values are rightly the same. They ask whether something changed: no branch before
 * and none now, a variable that two processes lack, terms that nobody agreed on.
 */
const OF_CHANGES = [
  "infra/base/lib/worlds.ts: a[name] === b[name]", // both are set, or one of them is asked for beside
  "infra/base/lib/worlds.ts: a[FOLDER] === b[FOLDER]", // asked for beside
  "infra/deploy/branch.ts: previous === before",
  "infra/recap/publish.ts: (await scratch.tip(branch)) === previous",
  "infra/simmer/log.ts: state.terms === number",
];

const withoutLine = (found: string): string => found.replace(/:\d+ /, ": ");

describe("sources, with their types", function () {
  this.timeout(120_000);
  let ours: ReturnType<typeof programOf>;

  before(() => {
    ours = programOf();
    ok(ours.files.length > 400, `${ours.files.length} files`);
  });

  it("cast nothing that comes from outside", () =>
    deepStrictEqual(
      ours.files.flatMap((file) => castsIn(file, ours.checker)).filter((found) => !OWN.includes(withoutLine(found))),
      [],
    ));

  it("compare no two values that may both be unknown", () =>
    deepStrictEqual(
      [...new Set(ours.files.flatMap((file) => comparisonsIn(file, ours.checker)).map(withoutLine))].filter(
        (found) => !OF_CHANGES.includes(found),
      ),
      [],
    ));

  it("are refused when they cast", () => {
    const { files, checker } = programOf(`
      interface Cluster { createTime: string }
      declare const answer: Response;
      declare function parsed(): unknown;
      export const a = JSON.parse("{}") as Cluster;
      export const b: Cluster = await answer.json();
      export const c = parsed() as Cluster;
      export const d = (parsed() as { e?: unknown }).e;
      export const e = <Cluster>parsed();
      export const f = parsed() as unknown;
      export const g = ["a"] as const;
      export const h: unknown = parsed();
      export const i = parsed() as Error;
    `);
    const found = files.flatMap((file) => castsIn(file, checker)).map((line) => /:(\d+) /.exec(line)?.[1]);
    deepStrictEqual(found, ["5", "5", "6", "7", "8", "9"]);
  });

  it("are refused when they compare what may be unknown", () => {
    const { files, checker } = programOf(`
      declare const cluster: { id?: string; labels: Record<string, string | undefined>; at: string } | undefined;
      declare const ours: { id?: string; at: string };
      declare const any: unknown;
      export const a = cluster?.id === ours.id;
      export const b = cluster?.labels.owner !== ours.id;
      export const c = any === ours.id;
      export const d = cluster?.at === ours.at;
      export const e = ours.id === undefined;
      export const f = cluster?.id === "a";
    `);
    const found = files.flatMap((file) => comparisonsIn(file, checker)).map((line) => /:(\d+) /.exec(line)?.[1]);
    deepStrictEqual(found, ["5", "6", "7"]);
  });
});
