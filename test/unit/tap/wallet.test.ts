import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { z } from "zod";
import { addressBytes, addressProblem, addressText } from "../../../infra/base/model/account-address";
import { readSeed } from "../../../tap/chain/seed";
import { openWallet } from "../../../tap/chain/wallet";
import { CHECKOUT } from "../../support/checkout";
import { JoinerWallet } from "../../support/tap/joiner-wallet";

const Vectors = z.object({
  genesisId: z.string(),
  wallets: z.array(
    z.object({
      hrp: z.string(),
      seed: z.string(),
      address: z.string(),
      to: z.string(),
      signed: z.array(
        z.object({
          kind: z.enum(["spawn", "spend"]),
          nonce: z.coerce.bigint(),
          amount: z.coerce.bigint(),
          raw: z.string(),
          id: z.string(),
        }),
      ),
    }),
  ),
});

const { genesisId, wallets } = Vectors.parse(
  JSON.parse(readFileSync(join(CHECKOUT, "test/fixtures/transactions/wallets.json"), "utf8")),
);
const SEED = "00".repeat(31).concat("2a");

describe("openWallet", () => {
  for (const { hrp, seed, address, to, signed } of wallets) {
    it(`signs for ${hrp} as go-spacemesh does`, () => {
      const wallet = openWallet(seed, { hrp, genesisId });
      strictEqual(wallet.address, address);
      ok(signed.length > 3);
      for (const { kind, nonce, amount, raw, id } of signed) {
        const made = kind === "spawn" ? wallet.spawn(nonce) : wallet.spend(to, amount, nonce);
        deepStrictEqual(
          { raw: Buffer.from(made.raw).toString("hex"), id: made.id, nonce: made.nonce },
          { raw, id, nonce },
          `${kind} ${nonce}`,
        );
      }
    });
  }

  it("has the address and the bytes that Smapp's packages make of the same key", () => {
    const seed = fc.uint8Array({ minLength: 64, maxLength: 64 });
    const number = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(seed, fc.constantFrom("sm", "stest"), number, number, (seed, hrp, nonce, amount) => {
        const theirs = new JoinerWallet(seed, hrp, genesisId);
        const ours = openWallet(theirs.secret.toString("hex"), { hrp, genesisId });
        strictEqual(ours.address, theirs.address);
        deepStrictEqual(Buffer.from(ours.spawn(nonce).raw), Buffer.from(theirs.spawn(nonce)));
        const to = wallets.find((one) => one.hrp === hrp)?.address ?? theirs.address;
        deepStrictEqual(Buffer.from(ours.spend(to, amount, nonce).raw), Buffer.from(theirs.spend(to, amount, nonce)));
      }),
      { numRuns: 30 },
    );
  });

  it("signs another network's transaction with another signature alone", () => {
    const [one, other] = [genesisId, "ff".repeat(20)].map((id) =>
      Buffer.from(openWallet(SEED, { hrp: "stest", genesisId: id }).spawn(0n).raw),
    );
    deepStrictEqual(one?.subarray(0, -64), other?.subarray(0, -64));
    ok(!one?.subarray(-64).equals(other?.subarray(-64) ?? Buffer.alloc(0)));
  });

  it("shows its seed in no error and in no print", () => {
    for (const wrong of [SEED.slice(1), `${SEED}\n`, `0x${SEED.slice(2)}`, ""])
      throws(
        () => openWallet(wrong, { hrp: "stest", genesisId }),
        (error: Error) => /WalletSeedInvalid/.test(inspect(error)) && !inspect(error).includes("2a"),
      );
    ok(!inspect(openWallet(SEED, { hrp: "stest", genesisId }), { depth: 9, showHidden: true }).includes(SEED));
  });

  it("refuses amounts and nonces that 64 bits do not hold", () => {
    const { spend, address } = openWallet(SEED, { hrp: "stest", genesisId });
    throws(() => spend(address, -1n, 0n), RangeError);
    throws(() => spend(address, 2n ** 64n, 0n), RangeError);
    throws(() => spend(address, 1n, 2n ** 64n), RangeError);
  });

  it("pays to no address of another network", () => {
    const { spend, address } = openWallet(SEED, { hrp: "stest", genesisId });
    throws(() => spend(openWallet(SEED, { hrp: "sm", genesisId }).address, 1n, 0n), /begins with "sm"/);
    throws(
      () =>
        spend(
          address.replace(/.$/, (last) => (last === "q" ? "p" : "q")),
          1n,
          0n,
        ),
      /wrong checksum/,
    );
  });
});

describe("readSeed", () => {
  const FILE = join(CHECKOUT, "test/fixtures/transactions/seed.txt");

  it("reads the variable, which it removes, or the file", () => {
    const env: NodeJS.ProcessEnv = { TAP_SEED: ` ${SEED}\n` };
    strictEqual(readSeed(env), SEED);
    deepStrictEqual(env, {});
    strictEqual(readSeed({ TAP_SEED_FILE: FILE }), "2a".repeat(32));
  });

  it("refuses none, both and a file that is not there, without the seed", () => {
    const fault = (env: NodeJS.ProcessEnv, form: RegExp) =>
      throws(
        () => readSeed(env),
        (error: Error) => form.test(inspect(error)) && !inspect(error).includes(SEED),
      );
    fault({}, /neither/);
    fault({ TAP_SEED: SEED, TAP_SEED_FILE: FILE }, /both/);
    fault({ TAP_SEED_FILE: "/nowhere/seed" }, /ENOENT/);
  });
});

describe("addressProblem", () => {
  const bytes = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((hashed) => Uint8Array.from([0, 0, 0, 0, ...hashed]));

  it("finds none in what addressText writes, and addressBytes reads it back", () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom("sm", "stest", "standalone"), (address, hrp) => {
        const text = addressText(address, hrp);
        strictEqual(addressProblem(text, hrp), undefined);
        deepStrictEqual(addressBytes(text, hrp), address);
      }),
    );
  });

  it("takes an address in one form alone, though a node takes eight and capitals", () => {
    const [{ address = "" } = {}] = wallets;
    strictEqual(addressProblem(address, "stest"), undefined);
    match(addressProblem(address.toUpperCase(), "stest"), /begins with "STEST"/);
    // The 24 bytes are the same. The last of the three bits after them is 1, and the checksum is right.
    match(addressProblem("stest1qqqqqqyhp05fkgauzudx0wclwcckr5vye2dexf32tssgm", "stest"), /ends with bits/);
  });

  it("tells length, checksum, prefix and the reserved bytes", () => {
    const text = (length: number, first: number) =>
      addressText(
        Uint8Array.from({ length }, (_, i) => (i === 3 ? first : i < 4 ? 0 : 7)),
        "stest",
      );
    strictEqual(addressProblem(text(24, 0), "stest"), undefined);
    match(addressProblem(text(23, 0), "stest"), /wrong length/);
    match(addressProblem(text(25, 0), "stest"), /wrong length/);
    match(addressProblem(text(24, 1), "stest"), /four zero bytes/);
    match(addressProblem(text(24, 0), "sm"), /begins with "stest"/);
    match(addressProblem(text(24, 0).replace("q", "b"), "stest"), /wrong checksum/);
    match(addressProblem("", "stest"), /begins with ""/);
  });
});

const match = (problem: string | undefined, form: RegExp) => ok(problem !== undefined && form.test(problem), problem);
