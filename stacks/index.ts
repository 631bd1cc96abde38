import "./lean-sdk";
import * as pulumi from "@pulumi/pulumi";
import { credentials } from "../infra/base/cli/credentials";
import { jsonVariable, optionalVariable, variableAs } from "../infra/base/cli/inputs";
import { UserError } from "../infra/base/lib/errors";
import { generationNumber } from "../infra/base/model/announcement";
import { fromStackName } from "../infra/base/model/build-tag";
import { ABANDONED_VARIABLE, PROMOTION_VARIABLE, Promotion } from "../infra/base/model/promotion";
import { NAMESPACE, readSettings, type Settings, withEnvironment } from "../infra/base/model/settings";

/** Picks the program by the stack's name: the only place that knows every program. It loads just the one it runs. */
const program = (): Promise<object> => asRunError(() => programOf(pulumi.getStack()));

async function programOf(stack: string): Promise<object> {
  const tag = fromStackName(stack);
  if (tag) return (await import("./version.js")).version(tag, settings());
  if (stack === "edge") return (await import("./edge.js")).edge(settings());
  const all = settings();
  if (all.channels.includes(stack))
    return (await import("./channel.js")).channel(stack, all, {
      requested: requestedPromotion(),
      abandoned: optionalVariable(ABANDONED_VARIABLE) ? variableAs(ABANDONED_VARIABLE, generationNumber) : undefined,
      credentials: credentials(),
    });
  const channels = all.channels.join(", ") || "none is configured";
  throw new UserError(
    "StackUnknown",
    `Stack "${stack}" has no program.`,
    `Name it 1_2_3_1 (for build tag v1.2.3+1), edge, or after a channel: ${channels}.`,
  );
}

/**
 * The promotion that `smeshnet promote` passes to a channel's program, if any. @throws {UserError} when it is damaged
 */
const requestedPromotion = (): Promotion | undefined =>
  process.env[PROMOTION_VARIABLE] ? jsonVariable(PROMOTION_VARIABLE, Promotion) : undefined;

/** Shows a user's error without a stack trace. */
async function asRunError<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError([error.message, ...error.lines].join("\n  ")) : error;
  }
}

function settings(): Settings {
  const config = new pulumi.Config(NAMESPACE);
  return readSettings(withEnvironment((key) => config.get(key), process.env));
}

export = program; // CommonJS: the engine never calls a default export
