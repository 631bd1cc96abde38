import { ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { CHECKOUT } from "../../support/checkout";

/** What the SDK does for its own debugging, in a process of its own. */
function probe(environment: NodeJS.ProcessEnv): {
  readonly trace: string;
  readonly debug: string;
  readonly own: string;
} {
  const script = `
    require("./infra/preload.cjs");
    require("./stacks/lean-sdk.ts");
    const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve();
    debuggablePromise(promise, "a test");
    const trace = promise._debugStackTrace;
    const debug = require("@pulumi/pulumi/log").debug.toString();
    console.log(JSON.stringify({ trace, debug, own: new Error().stack }));`;
  const env = { ...process.env, ...environment };
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: CHECKOUT, env, encoding: "utf8" }));
}

describe("the SDK of a stack's program", () => {
  it("takes no stack traces of promises and sends no debug messages", () => {
    const { trace, debug, own } = probe({});
    strictEqual(trace, "Error");
    ok(!debug.includes("getEngine"));
    ok(own.includes("\n    at "), "our own errors keep their stack traces");
  });

  it("does both with SMESHNET_SDK_DEBUG", () => {
    const { trace, debug } = probe({ SMESHNET_SDK_DEBUG: "1" });
    ok(trace.includes("\n    at "));
    ok(debug.includes("getEngine"));
  });
});
