import { deepStrictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { SIGNATURES } from "../../../policy/lean-sdk";
import { CHECKOUT } from "../../support/checkout";

describe("the lean SDK of the policy pack", () => {
  it("has the SDK's own marks", () => {
    const { specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig } = rpc;
    deepStrictEqual(SIGNATURES, { specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig });
  });

  it("loads the SDK when somebody asks for more of it, and neither it nor zod before", () => {
    const program = `
      require("./infra/preload.cjs");
      require("./policy/lean-sdk");
      for (const part of ["@pulumi/policy", "./policy/checks/rules", "./policy/promoted", "./policy/deployed", "./policy/settings"]) require(part);
      const isLoaded = (part) => Object.keys(require.cache).some((file) => file.includes(part));
      const before = [isLoaded("pulumi/runtime/settings"), isLoaded("zod/v4/core")];
      const { asset, runtime } = require("@pulumi/pulumi");
      const text = new asset.StringAsset("text");
      console.log(JSON.stringify([before, asset.Asset.isInstance(text), typeof runtime.serialize]));`;
    const printed = execFileSync(process.execPath, ["-e", program], { cwd: CHECKOUT, encoding: "utf8" });
    deepStrictEqual(JSON.parse(printed), [[false, false], true, "function"]);
  });
});
