import { deepStrictEqual, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { genesisIdOf } from "../../../../../infra/deploy/network/kubernetes/genesis-id";

const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");

describe("genesisIdOf", () => {
  it("gives the id that a node of today gave (1.8.3, standalone preset, MeshService/GenesisID of 28 Nov 2026)", () => {
    // The extra data is that of go-spacemesh config/presets/standalone.go.
    strictEqual(base64(genesisIdOf("2026-11-28T06:34:43Z", "standalone").id), "CA5i+YByW26ko9LFwMqvMyB+fWI=");
  });

  it("gives mainnet's id, as its nodes log it and its wallets sign with it", () => {
    // Time and extra data: go-spacemesh config/mainnet.go. Id: the line `App version: ... Genesis 9eeb...` of a node of
    // mainnet in spacemeshos/smapp#1801. Golden ATX: the commitment that its users give to postcli.
    deepStrictEqual(
      genesisIdOf("2023-07-14T08:00:00Z", "00000000000000000001a6bc150307b5c1998045752b3c87eccf3c013036f3cc"),
      {
        id: "9eebff023abb17ccb775c602daade8ed708f0a50",
        goldenAtx: "9eebff023abb17ccb775c602daade8ed708f0a50d3149a42801184f5b74f2865",
      },
    );
    strictEqual(base64("9eebff023abb17ccb775c602daade8ed708f0a50"), "nuv/Ajq7F8y3dcYC2q3o7XCPClA="); // its docs
  });

  it("gives the id of testnet 06", () => {
    // Time and extra data: go-spacemesh config/presets/testnet.go. Id: the testnet of Zondax' Ledger app for Spacemesh.
    strictEqual(
      genesisIdOf("2023-09-13T18:00:00Z", "0000000000000000000000c76c58ebac180989673fd6d237b40e66ed5c976ec3").id,
      "e956eff99be943fb70bd385dd509a3f84e9a75dd",
    );
  });

  it("is the same for one moment, however it is written, and another one second later or with another tag", () => {
    const { id } = genesisIdOf("2026-11-28T07:01:06Z", "v1.2.3+1");
    strictEqual(genesisIdOf("2026-11-28T08:01:06+01:00", "v1.2.3+1").id, id);
    strictEqual(genesisIdOf("2026-11-28T07:01:07Z", "v1.2.3+1").id === id, false);
    strictEqual(genesisIdOf("2026-11-28T07:01:06Z", "v1.2.3+2").id === id, false);
  });

  it("is 20 of the 32 bytes of the golden ATX", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
        fc.stringMatching(/^.{1,60}$/),
        (time, extra) => {
          const { id, goldenAtx } = genesisIdOf(`${time.toISOString().slice(0, 19)}Z`, extra);
          strictEqual(id.length, 40);
          strictEqual(goldenAtx.length, 64);
          strictEqual(goldenAtx.startsWith(id), true);
        },
      ),
    );
  });

  for (const time of [
    "2026-11-28T07:01:06.5Z",
    "2026-11-28T07:01:06",
    "2026-11-28",
    "1795847683",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-02-01T24:00:00Z",
  ])
    it(`refuses the genesis time ${time}`, () => {
      throws(() => genesisIdOf(time, "x"), { code: "GenesisTimeWrong" });
    });

  it("refuses extra data that a node refuses", () => {
    throws(() => genesisIdOf("2026-11-28T07:01:06Z", ""), { code: "ExtraDataWrong" });
    throws(() => genesisIdOf("2026-11-28T07:01:06Z", "x".repeat(256)), { code: "ExtraDataWrong" });
    throws(() => genesisIdOf("2026-11-28T07:01:06Z", "é".repeat(128)), { code: "ExtraDataWrong" });
    strictEqual(genesisIdOf("2026-11-28T07:01:06Z", "x".repeat(255)).id.length, 40);
  });
});
