import * as pulumi from "@pulumi/pulumi";
import { fromStackName } from "./build-tag";
import { InvalidSettings, NAMESPACE, readSettings, type Settings, withEnvironment } from "./config";
import { UserError } from "./user-error";

/** Picks the program by the stack's name; the only place that knows every program. Loads just the one it runs. */
async function program(): Promise<object> {
  const stack = pulumi.getStack();
  const tag = fromStackName(stack);
  if (tag) return (require("../stacks/version") as typeof import("../stacks/version")).version(tag, settings());
  if (stack === "edge") return (require("../stacks/edge") as typeof import("../stacks/edge")).edge(settings());
  const all = settings();
  if (all.channels.includes(stack)) return asRunError(() => channel(stack, all));
  throw new pulumi.RunError(
    `no program for stack "${stack}": name it edge, like 1_2_3_1 (build tag v1.2.3+1), or as a channel: ` +
      `${all.channels.join(", ") || "none is configured"}`,
  );
}

function channel(stack: string, all: Settings): Promise<object> {
  const { givenPromotion } = require("./promotion/given") as typeof import("./promotion/given");
  return (require("../stacks/channel") as typeof import("../stacks/channel")).channel(stack, all, givenPromotion());
}

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
