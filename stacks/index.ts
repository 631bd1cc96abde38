import * as pulumi from "@pulumi/pulumi";
import { jsonVariable } from "../infra/base/cli/inputs";
import { UserError } from "../infra/base/lib/errors";
import { fromStackName } from "../infra/base/model/build-tag";
import { PROMOTION_VARIABLE, type Promotion, promotionSchema } from "../infra/base/model/promotion";
import { InvalidSettings, NAMESPACE, readSettings, type Settings, withEnvironment } from "../infra/base/model/settings";

/** Picks the program by the stack's name; the only place that knows every program. Loads just the one it runs. */
async function program(): Promise<object> {
  const stack = pulumi.getStack();
  const tag = fromStackName(stack);
  if (tag) return (await import("./version.js")).version(tag, settings());
  if (stack === "edge") return (await import("./edge.js")).edge(settings());
  const all = settings();
  if (all.channels.includes(stack)) return asRunError(() => channel(stack, all));
  throw new pulumi.RunError(
    `no program for stack "${stack}": name it edge, like 1_2_3_1 (build tag v1.2.3+1), or as a channel: ` +
      `${all.channels.join(", ") || "none is configured"}`,
  );
}

async function channel(stack: string, all: Settings): Promise<object> {
  return (await import("./channel.js")).channel(stack, all, givenPromotion());
}

/** The promotion that a channel's program was handed, if any. @throws {UserError} when it is damaged */
const givenPromotion = (): Promotion | undefined =>
  process.env[PROMOTION_VARIABLE] ? jsonVariable(PROMOTION_VARIABLE, promotionSchema) : undefined;

/** What a user can mend is told without a stack trace. */
async function asRunError<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
  }
}

function settings(): Settings {
  const config = new pulumi.Config(NAMESPACE);
  try {
    return readSettings(withEnvironment((key) => config.get(key), process.env));
  } catch (error) {
    if (error instanceof InvalidSettings) throw new pulumi.RunError(error.message);
    throw error;
  }
}

export = program; // CommonJS: the engine never calls a default export
