import type * as Library from "@actions/expressions" with { "resolution-mode": "import" };
import type { ExpressionData } from "@actions/expressions/data/expressiondata" with { "resolution-mode": "import" };
import { SandboxError } from "../home";
import { Known, Open, type Place, type Value } from "./values";

/** One expression, up to the `}}` that is in no text of it. */
const ONE = String.raw`\$\{\{((?:[^}']|'[^']*'|\}(?!\}))*)\}\}`;
const ALL = new RegExp(ONE, "g");
const ALONE = new RegExp(`^\\s*${ONE}\\s*$`);

const STATUS_FUNCTIONS = ["success", "failure", "cancelled", "always"] as const;
const ASKS_STATUS = new RegExp(`\\b(${STATUS_FUNCTIONS.join("|")})\\s*\\(`, "i");

/** GitHub's expressions, by GitHub's own library. What is unknown is an error, and never silently empty. */
export class Expressions {
  private constructor(private readonly library: typeof Library) {}

  /** The library is an ES module, which a program of CommonJS cannot require. */
  static async load(): Promise<Expressions> {
    return new Expressions(await import("@actions/expressions"));
  }

  /** A text with its expressions replaced by their values. @throws {SandboxError} naming the expression */
  text(text: string, place: Place): string {
    const whole = text.replace(ALL, (_, expression: string) => this.evaluated(expression, place).coerceString());
    if (text.replace(ALL, "").includes("${{")) throw new SandboxError(`An expression in "${text}" does not end.`);
    return whole;
  }

  /** The value of a key. One that is an expression as a whole keeps its type. */
  value(value: string | number | boolean, place: Place): string | number | boolean {
    if (typeof value !== "string") return value;
    const expression = ALONE.exec(value)?.[1];
    if (expression === undefined) return this.text(value, place);
    const found = this.evaluated(expression, place);
    const { BooleanData, NumberData } = this.library.data;
    return found instanceof BooleanData || found instanceof NumberData ? found.value : found.coerceString();
  }

  /** Whether an `if:` lets a job or a step run. Without a function of the status GitHub adds `success()`. */
  holds(condition: string | boolean | undefined, place: Place): boolean {
    const text = String(condition ?? true);
    const expression = ALONE.exec(text)?.[1] ?? text;
    const whole = ASKS_STATUS.test(expression) ? expression : `success() && (${expression})`;
    return this.evaluated(`(${whole}) && true`, place).coerceString() === "true";
  }

  private evaluated(expression: string, place: Place): ExpressionData {
    const { Lexer, Parser, Evaluator, data } = this.library;
    const functions = this.functions(place);
    try {
      const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(place.contexts), functions).parse();
      const contexts = Object.entries(place.contexts).map(([key, value]) => ({ key, value: this.record(value, key) }));
      const byName = new Map(functions.map((one) => [one.name, one]));
      return new Evaluator(tree, new data.Dictionary(...contexts), byName).evaluate();
    } catch (error) {
      throw new SandboxError(`\${{ ${expression.trim()} }}: ${(error as Error).message}`);
    }
  }

  private functions({ succeeded, hashFiles }: Place) {
    const { BooleanData, StringData } = this.library.data;
    const truth = { success: succeeded, failure: !succeeded, cancelled: false, always: true };
    const ofStatus = STATUS_FUNCTIONS.map((name) => ({
      name: name as string,
      minArgs: 0,
      maxArgs: 0,
      call: (): ExpressionData => new BooleanData(truth[name]),
    }));
    if (!hashFiles) return ofStatus;
    const call = (...patterns: ExpressionData[]): ExpressionData =>
      new StringData(hashFiles(patterns.map((pattern) => pattern.coerceString())));
    return [...ofStatus, { name: "hashfiles", minArgs: 1, maxArgs: 255, call }];
  }

  private data(value: Value, name: string): ExpressionData {
    const { data } = this.library;
    if (value instanceof Known || value instanceof Open) return this.record(value, name);
    if (value === null) return new data.Null();
    if (typeof value === "string") return new data.StringData(value);
    if (typeof value === "number") return new data.NumberData(value);
    if (typeof value === "boolean") return new data.BooleanData(value);
    return new data.Array(...value.map((part, i) => this.data(part, `${name}[${i}]`)));
  }

  private record(record: Known | Open, name: string): Library.data.Dictionary {
    const pairs = Object.entries(record.values).map(([key, value]) => ({
      key,
      value: this.data(value, `${name}.${key}`),
    }));
    const made = new this.library.data.Dictionary(...pairs);
    if (record instanceof Open) return made;
    const { get } = made;
    made.get = (key) => {
      const value = get.call(made, key);
      if (value) return value;
      throw new SandboxError(`${name}.${key} is unknown. Known: ${Object.keys(record.values).join(", ") || "none"}.`);
    };
    return made;
  }
}
