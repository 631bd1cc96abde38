import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { recordKeys } from "../../../../infra/base/store/record-keys";
import { kindOf } from "../../../../infra/base/store/record-kinds";
import {
  bodyOf,
  HEADER_BYTES,
  isOtherName,
  mayBegin,
  opened,
  otherName,
  sealed,
} from "../../../../infra/base/store/seal";
import { refuses } from "../../../support/errors";

const [KEY, OLD] = ["a".repeat(64), "b".repeat(64)];

describe("a sealed record", () => {
  it("has the stored form", () => {
    const text = sealed("channels/testnet/1.json", Buffer.from('{"schema":1}\n'), KEY).toString();
    strictEqual(
      text,
      "smeshnet-record 1 NAME MAC\n".replace("NAME", text.slice(18, 50)).replace("MAC", text.slice(51, 115)) +
        '{"schema":1}\n',
    );
    strictEqual(text.slice(18, 50), "0d5a4c4ebf223e93b41798e976d14bbe");
    strictEqual(text.slice(51, 115), "7ad5525470fbf0a1cdb49ea398a36b07d378bf569dd0363d4a68861725361b47");
    strictEqual(text.indexOf("\n") + 1, HEADER_BYTES);
  });

  it("opens as it was sealed, with any of the keys", () =>
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), fc.constantFrom(KEY, OLD), (key, bytes, secret) => {
        const stored = sealed(key, Buffer.from(bytes), secret);
        deepStrictEqual(opened(key, stored, [KEY, OLD]), { body: Buffer.from(bytes), secret });
        ok(mayBegin(key, stored, [KEY, OLD]));
        deepStrictEqual(bodyOf(stored), Buffer.from(bytes));
      }),
    ));

  it("does not open under another name, with another key, or when any bit differs", () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.uint8Array(), fc.nat(), (key, other, bytes, at) => {
        const stored = sealed(key, Buffer.from(bytes), KEY);
        if (other !== key) strictEqual(opened(other, stored, [KEY]), undefined);
        strictEqual(opened(key, stored, [OLD]), undefined);
        const flipped = Buffer.from(stored);
        const bit = at % (stored.length * 8);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        strictEqual(opened(key, flipped, [KEY]), undefined);
        strictEqual(opened(key, stored.subarray(0, at % stored.length), [KEY]), undefined);
      }),
    ));

  it("has another name that only a holder of the key knows", () => {
    ok(isOtherName(otherName("places/1.json", KEY)));
    ok(otherName("places/1.json", KEY) !== otherName("places/1.json", OLD));
    const shown = sealed("places/1.json", Buffer.alloc(0), KEY).toString();
    ok(!shown.includes(otherName("places/1.json", KEY).slice(-32)), "its record does not tell it");
  });
});

describe("the kind of an object", () => {
  const kinds = {
    "channels/testnet/1.json": "record",
    "announcements/testnet/1/sent.json": "record",
    "intents/v1-2-3-1/1.json": "record",
    "places/1.json": "record",
    "history/1_2_3_1/2026-01-01T00:00:00Z.json": "record",
    "recap/v1.2.3+1/aa/1.md": "record",
    "simmer/v1.2.3+1/aa/certificate.json": "record",
    "simmer/v1.2.3+1/aa/00000001.json": "entry",
    "archives/v1.2.3+1/1/manifest.json": "record",
    "archives/v1.2.3+1/1/logs/miner-1.log.zst": "bulk",
    "archives/v1.2.3+1/1/logs/manifest.json": "bulk",
    "sync/v1.2.3+1/aa/miner-1/1.log.zst": "bulk",
    "sync/v1.2.3+1/aa/miner-1/1.json": "record",
    "what/nobody/thought/of": "record",
  };
  for (const [key, kind] of Object.entries(kinds)) it(`${key}: ${kind}`, () => strictEqual(kindOf(key), kind));
});

describe("the key of records", () => {
  it("may be followed by older ones", () => deepStrictEqual(recordKeys(`${KEY}, ${OLD}`), [KEY, OLD]));

  it("is asked for when it is missing", () => {
    for (const text of [undefined, ""])
      refuses(() => recordKeys(text), "RecordKeyMissing", {
        exitCode: 2,
        names: ["SMESHNET_RECORD_KEY", "openssl rand -hex 32"],
      });
  });

  it("must be a secret, and no error shows it", () => {
    for (const text of ["short", `${KEY},`, `${KEY},short`, `${"a".repeat(40)} b`, ",", "x".repeat(2000)])
      try {
        recordKeys(text);
        ok(false, "accepted");
      } catch (error) {
        strictEqual((error as { code: string }).code, "RecordKeyInvalid");
        ok(!(error as Error).message.includes("short") && !(error as Error).message.includes(KEY));
      }
  });
});
