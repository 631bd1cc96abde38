import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const CHECKOUT = join(__dirname, "../..");

/** Where the users' messages are. */
const FOLDERS = ["infra", "scripts", "components", "stacks", "tap"];

/** An error that users see. What is computed stands in braces. */
export interface ErrorMessage {
  readonly code: string;
  readonly what: string;
  /** Empty when `what` contains the fix. */
  readonly fix: string;
  readonly exitCode: 1 | 2;
}

/** An error, or the text of a line of progress. */
export type Message = ErrorMessage | string;

export const isError = (message: Message): message is ErrorMessage => typeof message !== "string";

/** Every sentence that users see, read from the source, by file. */
export function messagesByFile(): { readonly file: string; readonly messages: readonly Message[] }[] {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", ...FOLDERS], {
    cwd: CHECKOUT,
    encoding: "utf8",
  });
  return [...new Set(files.trim().split("\n"))]
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => ({ file, messages: messagesOf(join(CHECKOUT, file)) }))
    .filter(({ messages }) => messages.length > 0);
}

/** All messages as text, one line each, for one reading by an editor. */
export function messageCatalogue(): string {
  const sections = messagesByFile().map(
    ({ file, messages }) => `${file}\n${messages.map((message) => `  ${lineOf(message)}`).join("\n")}`,
  );
  return `${sections.join("\n\n")}\n`;
}

function lineOf(message: Message): string {
  if (!isError(message)) return `progress ${message}`;
  const { code, what, fix, exitCode } = message;
  return `error[${code}] ${exitCode === 2 ? "(2) " : ""}${[what, fix].filter(Boolean).join(" ")}`;
}

/** The codes of all errors. */
export const errorCodes = (catalogue: string): string[] =>
  [...new Set([...catalogue.matchAll(/^ {2}error\[([^[\]\n]*)\]/gm)].map(([, code = ""]) => code))].sort();

function messagesOf(path: string): Message[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return []; // removed, and not yet committed
  }
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Message[] = [];
  const visit = (node: ts.Node): void => {
    const message = errorOf(node) ?? progressOf(node);
    if (message) found.push(message);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `new UserError(code, what, fix, exitCode)`, or `super(...)` in a class that extends it. */
function errorOf(node: ts.Node): ErrorMessage | undefined {
  const isError =
    (ts.isNewExpression(node) && node.expression.getText() === "UserError") ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword && isUserError(node));
  if (!isError) return undefined;
  const [code, what, fix, exitCode] = (node as ts.NewExpression | ts.CallExpression).arguments ?? [];
  // An error that passes on another's code is listed where that one is made.
  if (code && !ts.isStringLiteralLike(code)) return undefined;
  const text = (part: ts.Expression | undefined): string => (part ? textOf(part) : "");
  return { code: text(code), what: text(what), fix: text(fix), exitCode: exitCode?.getText() === "2" ? 2 : 1 };
}

function isUserError(node: ts.Node): boolean {
  let owner: ts.Node = node;
  while (!ts.isClassDeclaration(owner)) {
    if (ts.isSourceFile(owner)) return false;
    owner = owner.parent;
  }
  return owner.heritageClauses?.some((clause) => clause.getText().includes("UserError")) ?? false;
}

/** `run.say(text)` or `say(text)`. */
function progressOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !/(^|\.)say\??$/.test(node.expression.getText())) return undefined;
  const [line] = node.arguments;
  const text = line && textOf(line);
  return text && /[a-z]{2}/.test(text.replace(/\{[^{}]*\}/g, "")) ? text : undefined;
}

/** The text of an expression; parts that are computed stand in braces, alternatives between bars. */
function textOf(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return (
      node.head.text + node.templateSpans.map(({ expression, literal }) => textOf(expression) + literal.text).join("")
    );
  if (ts.isConditionalExpression(node)) return `{${textOf(node.whenTrue)}|${textOf(node.whenFalse)}}`;
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    !ts.isNumericLiteral(node.right)
  )
    return textOf(node.left) + textOf(node.right);
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  return `{${node.getText().replace(/\s+/g, " ")}}`;
}
