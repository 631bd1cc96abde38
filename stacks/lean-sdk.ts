import { createRequire } from "node:module";

// Pulumi's SDK prepares for its own debugging: for every promise it formats a stack trace, through source maps, and it
// sends some six debug messages a resource to the engine, which shows them with --debug only. That took a fifth of a
// preview's time (docs/performance.md). The messages also hold the outputs of resources, secrets too.
//
// SMESHNET_SDK_DEBUG=1 leaves the SDK as it is.

/** Functions of the SDK that its other modules call as members of their module. */
interface Replaceable {
  [name: string]: (...args: never[]) => unknown;
}

if (!process.env.SMESHNET_SDK_DEBUG) {
  const load = createRequire(__filename);
  replace(load("@pulumi/pulumi/runtime/debuggable"), "debuggablePromise", withoutStackTraces);
  replace(load("@pulumi/pulumi/log"), "debug", () => () => Promise.resolve());
}

function replace(module: Replaceable, name: string, by: (original: Replaceable[string]) => Replaceable[string]): void {
  const original = module[name];
  if (original === undefined) throw new Error(`The SDK has no ${name} any more. Adapt stacks/lean-sdk.ts.`);
  module[name] = by(original);
}

/** The same function, in which a new Error is cheap. */
function withoutStackTraces(original: Replaceable[string]): Replaceable[string] {
  return (...args) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return original(...args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
