import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** The folders whose code runs with what others write. */
const FOLDERS = ["infra", "edge", "tap", "policy", "components", "stacks", "scripts"];

/** Our own sources, parsed, with the places of nodes. */
export function sources(): ts.SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", ...FOLDERS], { encoding: "utf8" });
  return listed
    .split("\n")
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .flatMap((file) => {
      const text = textOf(file);
      return text === undefined ? [] : [parsed(file, text)];
    });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // removed, and not yet committed
  }
}

/** A source that a test plants, or one of ours. */
export const parsed = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** All nodes of a source, in its order. */
export function nodesOf(source: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `infra/base/lib/exec.ts:12` */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** A regular expression in a source. */
export interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** What stands for a part of a pattern that only a run knows. It is an escaped text, not a pattern. */
const UNKNOWN = "x";

/** All regular expressions of a source: literals, `RegExp(...)`, and texts that `match` and its like take for one. */
export function patternsIn(source: ts.SourceFile): Pattern[] {
  return nodesOf(source).flatMap((node) => {
    const place = placeOf(node);
    if (ts.isRegularExpressionLiteral(node)) return [{ place, ...literalOf(node) }];
    if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return [];
    const [first, second] = node.arguments ?? [];
    if (!first || !isMaker(node.expression, first)) return [];
    const flags = second && ts.isStringLiteralLike(second) ? second.text : "";
    const own = literalIn(first);
    return [{ place, source: own?.source ?? textOfValue(first, source), flags }];
  });
}

function isMaker(made: ts.Expression, first: ts.Expression): boolean {
  if (ts.isIdentifier(made)) return made.text === "RegExp";
  const takesPattern = ts.isPropertyAccessExpression(made) && /^(match|matchAll|search)$/.test(made.name.text);
  return takesPattern && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first));
}

function literalOf(node: ts.RegularExpressionLiteral): Omit<Pattern, "place"> {
  const end = node.text.lastIndexOf("/");
  return { source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
}

/** The literal that a name stands for, as in `new RegExp(PART, "g")`. */
function literalIn(expression: ts.Expression): Omit<Pattern, "place"> | undefined {
  const value = ts.isIdentifier(expression) ? constantOf(expression.text, expression.getSourceFile()) : undefined;
  return value && ts.isRegularExpressionLiteral(value) ? literalOf(value) : undefined;
}

/** The text that an expression gives, as far as the sources tell it. */
function textOfValue(expression: ts.Expression, source: ts.SourceFile): string {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isParenthesizedExpression(expression)) return textOfValue(expression.expression, source);
  if (ts.isTemplateExpression(expression)) return filled(expression, (part) => part.text, source);
  if (ts.isTaggedTemplateExpression(expression)) {
    const { template } = expression; // String.raw
    return ts.isTemplateExpression(template)
      ? filled(template, (part) => part.rawText ?? "", source)
      : (template.rawText ?? "");
  }
  if (ts.isIdentifier(expression)) {
    const value = constantOf(expression.text, source);
    return value ? textOfValue(value, value.getSourceFile()) : UNKNOWN;
  }
  const list = joinedList(expression);
  if (list) return list.parts.map((part) => textOfValue(part, source)).join(list.between);
  return UNKNOWN;
}

function filled(
  template: ts.TemplateExpression,
  read: (part: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail) => string,
  source: ts.SourceFile,
): string {
  const spans = template.templateSpans.map(
    ({ expression, literal }) => textOfValue(expression, source) + read(literal),
  );
  return read(template.head) + spans.join("");
}

/** `["a", "b"].join("|")` */
function joinedList(node: ts.Expression) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression: list, name } = node.expression;
  const [between] = node.arguments;
  if (name.text !== "join" || !ts.isArrayLiteralExpression(list) || !between || !ts.isStringLiteralLike(between))
    return undefined;
  return { parts: list.elements, between: between.text };
}

/** The value of a constant of a source, or of one that it imports. */
function constantOf(name: string, source: ts.SourceFile): ts.Expression | undefined {
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      const found = statement.declarationList.declarations.find((one) => one.name.getText() === name);
      if (found?.initializer) return found.initializer;
    }
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings) || !bindings.elements.some((one) => one.name.text === name)) continue;
    const file = join(dirname(source.fileName), `${statement.moduleSpecifier.text}.ts`);
    const text = textOf(file);
    return text === undefined ? undefined : constantOf(name, parsed(file, text));
  }
  return undefined;
}
