import { deepStrictEqual, ok } from "node:assert";
import { assert as check, constantFrom, property, string } from "fast-check";
import { mask } from "../../../infra/recap/mask";

/** A line of a log, and what a reader must not see of it. */
const HIDDEN: readonly (readonly [line: string, secret: string])[] = [
  ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "wJalr"],
  ['{"aws_secret_access_key":"wJalrXUtnFEMI/K7MDENG/bPxRfiCY"}', "wJalr"],
  ['{"passphrase":"correct horse battery staple"}', "staple"],
  [String.raw`"{\"passphrase\":\"correct horse\",\"next\":1}"`, "horse"],
  [String.raw`{"password":"a\"hunter2 and more"}`, "more"],
  ['{"passphrase":"its end was cut', "cut"],
  ['{"mnemonic":"legal winner thank year wave sausage"}', "sausage"],
  ['{"tokens":["first1", "second2"]}', "second2"],
  ['{"private_key":"MC4CAQAwBQYDK2VwBCIEIGZvb2Jhcg=="}', "MC4C"],
  ["privateKey=0f1e2d3c4b5a69788796a5b4c3d2e1f0", "0f1e2d"],
  [`node key ${"1a".repeat(32)}`, "1a1a"],
  ["token: abc,defghijk", "defghijk"],
  ["Set-Cookie: session=abcdef0123456789; Path=/", "abcdef01"],
  ["Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNl"],
  ["authorization: ApiKey Zm9vYmFyYmF6", "Zm9v"],
  ['{"h":"Bearer abc.def-ghi_jkl"}', "abc.def"],
  ["GET https://b.s3.amazonaws.com/o?X-Amz-Signature=aabbccddeeff", "aabbcc"],
  ["clone https://user:hun@ter22@host/x", "ter22"],
  ["PULUMI says pul-0123456789abcdef0123456789abcdef01234567", "pul-0"],
  ["2026-11-20 MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "MIIE"],
  [String.raw`{"M":"dial failed:\n10.1.2.3:7513 refused"}`, "10.1.2.3"],
  [String.raw`{"M":"peers:\t10.1.2.3:7513"}`, "10.1.2.3"],
  ["10.1.2.3-10.1.2.9", "10.1.2"],
  ["peer-10.1.2.3 10.1.2.4_7513", "10.1.2"],
  ["lookup ip-10-1-2-3.ec2.internal", "10-1-2-3"],
  ["addr:2001:db8::1 gone", "2001:db8"],
  ["dial [2001:db8::1]:7513 from fe80::1%eth0.", "::1"],
  [String.raw`"x\n2001:db8::1"`, "2001:db8"],
  ["from 2001:db8:0:0:0:0:0:1:7513", "2001:db8"],
  ["from ::ffff:10.1.2.3", "10.1.2.3"],
  ["/ip4/10.1.2.3/tcp/7513/p2p/12D3KooWabcdefghijkmnopqrstuv", "12D3"],
  ["peer 16Uiu2HAmPjR8mXjYkjYkYJkYJkYkYkYkYkYkYkYk", "16Uiu2"],
];

const KEPT = [
  "2026-11-20T10:00:00Z layer 41 at 10:11:12, took 1:02:03.5",
  "version v1.2.3.4, 1.2.3.4-rc1 and v1-2-3-1 of go-spacemesh v0.1.2.3",
  "atx d20ace7968ba43c0219f62d71334c1095bab1602",
  "tokens: 1200, secret: none, password=[secret]",
  "a::b std::fs::File ab::cd, basic functionality",
  "/root/go/pkg/mod/github/com/spacemeshos/go-spacemesh/hare3/protocol",
];

describe("what a recap shows of a log", () => {
  for (const [line, secret] of HIDDEN)
    it(`hides what must be hidden in ${JSON.stringify(line)}`, () => ok(!mask(line).includes(secret), mask(line)));

  it("keeps what looks like a secret or an address and is none", () => deepStrictEqual(KEPT.map(mask), KEPT));

  it("hides each wherever it stands in a line", () => {
    const line = constantFrom(...HIDDEN);
    const around = string().map((text) => `${text} `);
    check(
      property(around, line, line, (before, [one, first], [two, second]) => {
        const masked = mask(`${before} ${one} ${two}`);
        ok(!masked.includes(first) && !masked.includes(second), masked);
      }),
      { seed: 15, numRuns: 5000 },
    );
  });

  it("hides in a line of 64 KiB of any kind within a second", () => {
    for (const unit of [
      "x",
      "a:",
      "1.",
      "key ",
      "key=",
      '\\"',
      "secret",
      "://",
      "eyJ",
      "A1b",
      "-----BEGIN PRIVATE KEY",
    ]) {
      const began = performance.now();
      mask(unit.repeat(65_536 / unit.length));
      const took = performance.now() - began;
      ok(took < 1000, `${unit}: ${took} ms`);
    }
  });
});
