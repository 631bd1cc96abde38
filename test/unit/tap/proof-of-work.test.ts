import { ok, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { ProofOfWork, zeroBits } from "../../../tap/core/proof-of-work";
import { SOLVER } from "../../../tap/web/script";
import { testAddress } from "../../support/tap/addresses";
import { NOON } from "../../support/tap/world";

const BITS = 8;
const gate = new ProofOfWork(BITS, Buffer.from("secret of this process"));
const address = testAddress(1);
const challenge = gate.challenge(address, NOON, "0011223344556677");

function solved(of: string): string {
  for (let n = 0; ; n++) if (zeroBits(`${of}:${n}`) >= BITS) return `${n}`;
}

const code = (...[recipient, of, proof, now]: Parameters<ProofOfWork["refusalOf"]>) =>
  gate.refusalOf(recipient, of, proof, now)?.code;

describe("the gate of work", () => {
  const proof = solved(challenge);

  it("opens for a proof", () => strictEqual(code(address, challenge, proof, NOON), undefined));

  it("stays shut for less work", () => {
    let n = 0;
    while (zeroBits(`${challenge}:${n}`) >= BITS) n++;
    strictEqual(code(address, challenge, `${n}`, NOON), "ProofWrong");
  });

  it("is for one address", () => strictEqual(code(testAddress(2), challenge, proof, NOON), "ChallengeInvalid"));

  it("stays shut when the challenge is made easier, longer or up", () => {
    const [, ...rest] = challenge.split(".");
    for (const forged of [
      ["1", ...rest].join("."),
      challenge.replace(/\.\d+\./, (end) => `.9${end.slice(1)}`),
      challenge.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      `${BITS}.${NOON}.00.${"ä".repeat(64)}`,
      "",
    ])
      strictEqual(code(address, forged, solved(forged), NOON), "ChallengeInvalid");
  });

  it("stays shut for a challenge of another process", () => {
    const other = new ProofOfWork(BITS, Buffer.from("secret of another process"));
    const theirs = other.challenge(address, NOON, "0011223344556677");
    strictEqual(code(address, theirs, solved(theirs), NOON), "ChallengeInvalid");
  });

  it("shuts ten minutes after the challenge", () => {
    strictEqual(code(address, challenge, proof, NOON + 600_000), undefined);
    strictEqual(code(address, challenge, proof, NOON + 600_001), "ChallengeExpired");
  });

  it("opens once", () => {
    gate.use(challenge, NOON);
    strictEqual(code(address, challenge, proof, NOON), "ChallengeUsed");
  });
});

describe("the page's solver", () => {
  const page: {
    hasherOf(head: string): (tail: string) => number[];
    solve(challenge: string, bits: number, told: (n: number) => void): string;
  } = runInNewContext(`${SOLVER}\n({ hasherOf, solve })`);

  it("computes SHA-256", () =>
    fc.assert(
      fc.property(asciiOf(200), asciiOf(80), (head, tail) => {
        const words = [...page.hasherOf(head)(tail)].map((word) => (word >>> 0).toString(16).padStart(8, "0"));
        strictEqual(
          words.join(""),
          createHash("sha256")
            .update(head + tail)
            .digest("hex"),
        );
      }),
      { numRuns: 200 },
    ));

  it("finds a proof that the gate takes", () => {
    const fresh = new ProofOfWork(12, Buffer.from("secret"));
    const of = fresh.challenge(address, NOON, "ffeeddccbbaa9988");
    const proof = page.solve(of, 12, () => undefined);
    ok(/^\d+$/.test(proof));
    strictEqual(fresh.refusalOf(address, of, proof, NOON), undefined);
  });
});

const asciiOf = (maxLength: number) => fc.string({ unit: "binary-ascii", maxLength });
