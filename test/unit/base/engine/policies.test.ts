import { deepStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { policyVariables } from "../../../../infra/base/engine/policies";
import { CHECKOUT } from "../../../support/checkout";

describe("the policy pack in our engine calls", () => {
  /** The packs that our calls name when the variable of the CLI names these. */
  function packsBeside(named: string): string[] {
    const program = `
      require("./infra/preload.cjs");
      console.log(JSON.stringify(require("./infra/base/engine/policies").POLICIES.policyPacks));`;
    const env = { ...process.env, PULUMI_OPTION_POLICY_PACK: named };
    return JSON.parse(execFileSync(process.execPath, ["-e", program], { cwd: CHECKOUT, env, encoding: "utf8" }));
  }

  it("runs once, also when the variable of the CLI names it", () => {
    const ours = join(CHECKOUT, "policy");
    deepStrictEqual(packsBeside(""), [ours]);
    deepStrictEqual(packsBeside("/another/pack"), [ours]);
    deepStrictEqual(packsBeside(`/another/pack,${ours}`), []);
    deepStrictEqual(packsBeside("policy"), []);
  });

  it("gets the network's step of the state, without outputs", () => {
    const urn = "urn:pulumi:1_2_3_1::smeshnet::smeshnet:components:Network$command:local:Command::network";
    const type = "command:local:Command";
    const inputs = { create: "up" };
    const variable = "SMESHNET_STORED_NETWORK";
    const replaced = { urn, type, inputs: {}, delete: true };
    const resources = [replaced, { urn, type, inputs, outputs: { stdout: "secret" } }];
    deepStrictEqual(policyVariables({ deployment: { resources } }), { [variable]: JSON.stringify({ urn, inputs }) });
    deepStrictEqual(policyVariables({ deployment: {} }), { [variable]: "{}" });
    strictEqual(Object.keys(policyVariables(undefined)).length, 0);
  });
});
