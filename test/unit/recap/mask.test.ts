import { strictEqual } from "node:assert";
import { mask } from "../../../infra/recap/mask";

const HEX = "0123456789abcdef".repeat(4);
const PEER = `12D3KooW${"Abc123xyzQ".repeat(4)}wert`;

/** A text, and how a reader sees it. */
const TABLE: readonly (readonly [string, string])[] = [
  // addresses
  ["dial 34.73.1.9: refused", "dial [address]: refused"],
  ["dial 34.73.1.9:9092.", "dial [address]."],
  ["/ip4/10.0.0.7/tcp/7513", "/ip4/[address]/tcp/7513"],
  ["http://10.0.0.7:8080/v1", "http://[address]/v1"],
  ["listen 1.2.3.4", "listen [address]"],
  ["peer [2001:db8::1]:7513", "peer [[address]]:7513"],
  ["peer fe80::1%eth0 left", "peer [address] left"],
  ["from ::ffff:10.1.2.3 today", "from [address] today"],
  ["/ip6/2001:db8:0:0:0:0:0:5/tcp/1", "/ip6/[address]/tcp/1"],
  // no addresses
  ["release v1.2.3.4 runs", "release v1.2.3.4 runs"],
  ["version 1.2.3", "version 1.2.3"],
  ["1.2.3.4.5 and 1.2.3.4-rc1", "1.2.3.4.5 and 1.2.3.4-rc1"],
  ["300.1.2.3 is none", "300.1.2.3 is none"],
  ["at 10:00:01 and 10:00:01.5", "at 10:00:01 and 10:00:01.5"],
  ["std::vector and a :: b", "std::vector and a :: b"],
  // secrets
  ["git clone https://me:ghp_123@github.com/x.git", "git clone https://[secret]@github.com/x.git"],
  ["POST https://discord.com/api/webhooks/12/a-b_c", "POST https://discord.com/api/webhooks/12/[secret]"],
  ["Authorization: Bearer abcdefghijkl", "Authorization: Bearer [secret]"],
  ["authorization: basic dXNlcjpwYXNz", "authorization: basic [secret]"],
  ["-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY----- end", "[secret] end"],
  ["-----BEGIN EC PRIVATE KEY----- cut", "[secret]"],
  [`private key ${HEX} loaded`, "private key [secret] loaded"],
  [`{"seed":"${HEX}"}`, '{"seed":"[secret]"}'],
  [`smeshing key=0x${HEX}${HEX}`, "smeshing key=0x[secret]"],
  ['{"password":"hunter2!"}', '{"password":"[secret]"}'],
  ['{\\"api_key\\":\\"abcd1234\\"}', '{\\"api_key\\":\\"[secret]\\"}'],
  ["token: s3cr3t-value, next", "token: [secret], next"],
  ["using ghp_abcdefghijklmnop1234", "using [secret]"],
  ["AKIAABCDEFGHIJKLMNOP", "[secret]"],
  ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln", "jwt [secret]"],
  // no secrets
  [`block ${HEX} applied`, `block ${HEX} applied`],
  ["the key is missing", "the key is missing"],
  ["token bucket is empty", "token bucket is empty"],
  // peers
  [`connected to ${PEER} via relay`, "connected to [peer] via relay"],
];

describe("mask", () => {
  for (const [text, seen] of TABLE) it(`shows ${JSON.stringify(seen)}`, () => strictEqual(mask(text), seen));

  it("changes nothing that it has masked already", () => {
    for (const [text] of TABLE) strictEqual(mask(mask(text)), mask(text));
  });
});
