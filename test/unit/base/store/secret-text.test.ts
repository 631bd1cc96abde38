import { ok, strictEqual } from "node:assert";
import { recordKeys } from "../../../../infra/base/store/record-keys";
import { hidden, revealed, SecretText } from "../../../../infra/base/store/secret-text";

const KEY = "a".repeat(32);
const OTHER = "b".repeat(32);
const SECRET = "-----BEGIN PRIVATE KEY-----\n\u00e9\n";

describe("a secret text of a record", () => {
  const keys = recordKeys(KEY);
  const text = hidden("tls/1.json", SECRET, keys);

  it("is read by the key that hid it, in its own record", () => {
    strictEqual(revealed("tls/1.json", text, keys), SECRET);
    ok(SecretText.safeParse(JSON.parse(JSON.stringify(text))).success);
  });

  it("is different each time, so that nobody sees which two are the same", () => {
    const again = hidden("tls/1.json", SECRET, keys);
    ok(again.text !== text.text && again.salt !== text.salt && again.nonce !== text.nonce);
  });

  it("is read by no other key, and not by an older one", () => {
    strictEqual(revealed("tls/1.json", text, recordKeys(OTHER)), undefined);
    strictEqual(revealed("tls/1.json", text, recordKeys(`${OTHER},${KEY}`)), undefined);
    strictEqual(revealed("tls/1.json", text, recordKeys(`${KEY},${OTHER}`)), SECRET);
  });

  it("is not read in another record, nor after a change", () => {
    strictEqual(revealed("tls/2.json", text, keys), undefined);
    const turned = (base64: string) => {
      const bytes = Buffer.from(base64, "base64");
      bytes[3] = (bytes[3] ?? 0) ^ 1;
      return bytes.toString("base64");
    };
    for (const part of ["salt", "nonce", "text"] as const)
      strictEqual(revealed("tls/1.json", { ...text, [part]: turned(text[part]) }, keys), undefined, part);
    strictEqual(revealed("tls/1.json", { ...text, text: "AAAA" }, keys), undefined);
    strictEqual(revealed("tls/1.json", { ...text, nonce: "AAAA" }, keys), undefined);
  });
});
