import { doesNotMatch, match, notStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  openEnvelope,
  PAYLOAD_TYPE,
  preAuthenticationEncoding,
  signEnvelope,
} from "../../../../infra/simmer/certificate/envelope";
import { newKeys } from "../../../support/certificate";
import { refuses } from "../../../support/errors";

const STATEMENT = '{"_type":"https://in-toto.io/Statement/v1","subject":[]}';

interface Envelope {
  payload: string;
  payloadType: string;
  signatures: { keyid?: string; sig: string }[];
}
const parsed = (text: string): Envelope => JSON.parse(text);

describe("preAuthenticationEncoding", () => {
  it("encodes the example of the DSSE protocol", () => {
    strictEqual(
      preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world")).toString(),
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
  });

  it("gives the bytes that the protocol's example signature covers", () => {
    const coordinate = (decimal: string) => Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex");
    const key = createPublicKey({
      format: "jwk",
      key: {
        kty: "EC",
        crv: "P-256",
        x: coordinate("46950820868899156662930047687818585632848591499744589407958293238635476079160").toString(
          "base64url",
        ),
        y: coordinate("5640078356564379163099075877009565129882514886557779369047442380624545832820").toString(
          "base64url",
        ),
      },
    });
    const sig = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==";
    const covered = preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
    strictEqual(verify("sha256", covered, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(sig, "base64")), true);
  });

  it("counts bytes, not characters", () => {
    strictEqual(preAuthenticationEncoding("ä", Buffer.from("€")).toString(), "DSSEv1 2 ä 3 €");
  });
});

for (const kind of ["Ed25519", "ECDSA P-256"] as const) {
  describe(`an envelope that an ${kind} key signed`, () => {
    const { privateKey, publicKey } = newKeys[kind]();
    const sealed = signEnvelope(STATEMENT, privateKey);
    const changed = (change: (envelope: Envelope) => void): string => {
      const envelope = parsed(sealed);
      change(envelope);
      return JSON.stringify(envelope);
    };
    const withKey = <K extends keyof Envelope>(key: K, value: Envelope[K]): string =>
      changed((envelope) => {
        envelope[key] = value;
      });
    const open = (text: string) => () => openEnvelope(text, publicKey);

    it("opens with its public key and gives the statement", () => {
      strictEqual(openEnvelope(sealed, publicKey), STATEMENT);
    });

    it("names its payload's type and its key by the SHA-256 of the public key", () => {
      const der = createPublicKey(publicKey).export({ type: "spki", format: "der" });
      strictEqual(parsed(sealed).payloadType, "application/vnd.in-toto+json");
      strictEqual(parsed(sealed).signatures[0]?.keyid, createHash("sha256").update(der).digest("hex"));
    });

    it("keeps any statement as it is, in whatever language", () => {
      fc.assert(
        fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (text) =>
          strictEqual(openEnvelope(signEnvelope(text, privateKey), publicKey), text),
        ),
      );
    });

    it("opens when its base64 is URL-safe, as DSSE demands", () => {
      const urlSafe = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_");
      const text = changed((envelope) => {
        envelope.payload = urlSafe(envelope.payload);
        for (const signature of envelope.signatures) signature.sig = urlSafe(signature.sig);
      });
      strictEqual(openEnvelope(text, publicKey), STATEMENT);
    });

    it("opens without a key id, which is only a hint", () => {
      const text = changed((envelope) => {
        for (const signature of envelope.signatures) delete signature.keyid;
      });
      strictEqual(openEnvelope(text, publicKey), STATEMENT);
    });

    it("is refused when any bit of its payload was changed", () => {
      fc.assert(
        fc.property(fc.nat(STATEMENT.length * 8 - 1), (bit) => {
          const text = changed((envelope) => {
            envelope.payload = flipped(envelope.payload, bit);
          });
          refuses(open(text), "SignatureInvalid", { names: ["does not match its content"] });
        }),
      );
    });

    it("is refused when any bit of its signature was changed", () => {
      const { sig } = parsed(sealed).signatures[0] as { sig: string };
      fc.assert(
        fc.property(fc.nat(Buffer.from(sig, "base64").length * 8 - 1), (bit) => {
          const text = changed((envelope) => {
            envelope.signatures = [{ ...envelope.signatures[0], sig: flipped(sig, bit) }];
          });
          refuses(open(text), "SignatureInvalid");
        }),
      );
    });

    it("is refused with another key, which the error names", () => {
      for (const make of Object.values(newKeys)) {
        const keyid = parsed(sealed).signatures[0]?.keyid as string;
        refuses(() => openEnvelope(sealed, make().publicKey), "SignatureInvalid", { names: [keyid] });
      }
    });

    const cases: [what: string, text: string, names: readonly string[]][] = [
      ["a text that is not JSON", sealed.slice(1), ["not JSON"]],
      ["an empty file", "", ["not JSON"]],
      ["a list", "[]", ["an object"]],
      ["no payload", changed((envelope) => Reflect.deleteProperty(envelope, "payload")), ["payload is not text"]],
      ["another payloadType", withKey("payloadType", "text/plain"), ["text/plain", PAYLOAD_TYPE]],
      ["no signature", withKey("signatures", []), ["no signature"]],
      ["two signatures", changed((one) => void one.signatures.push(...one.signatures)), ["2 signatures"]],
      [
        "a signature that is no text",
        changed((one) => Reflect.set(one, "signatures", [{ sig: 1 }])),
        ["signatures.0.sig"],
      ],
      ["a payload that is not base64", withKey("payload", `*${parsed(sealed).payload}`), ["payload"]],
      ["an empty payload", withKey("payload", ""), ["payload"]],
      ["an empty signature", withKey("signatures", [{ sig: "" }]), ["signature"]],
      ["a signature that is not base64", withKey("signatures", [{ sig: "a?b=" }]), ["signature"]],
    ];
    for (const [what, text, names] of cases) {
      it(`is refused with ${what}`, () => refuses(open(text), "CertificateInvalid", { names }));
    }

    it("is accepted by OpenSSL, and OpenSSL's signature by us", function () {
      this.timeout(30_000);
      const folder = mkdtempSync(join(tmpdir(), "smeshnet-certificate-"));
      const path = (name: string) => join(folder, name);
      const openssl = (...args: string[]) => execFileSync("openssl", args, { encoding: "utf8", cwd: folder });
      try {
        const { payload, signatures } = parsed(sealed);
        writeFileSync(path("key.pem"), privateKey);
        writeFileSync(path("public.pem"), publicKey);
        writeFileSync(path("covered"), preAuthenticationEncoding(PAYLOAD_TYPE, Buffer.from(payload, "base64")));
        writeFileSync(path("sig"), Buffer.from(signatures[0]?.sig ?? "", "base64"));
        const how = ["pkeyutl", "-rawin", "-in", "covered", ...(kind === "Ed25519" ? [] : ["-digest", "sha256"])];
        match(openssl(...how, "-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "sig"), /Success/);
        openssl(...how, "-sign", "-inkey", "key.pem", "-out", "sig2");
        const sig = readFileSync(path("sig2")).toString("base64");
        strictEqual(openEnvelope(withKey("signatures", [{ sig }]), publicKey), STATEMENT);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}

describe("signEnvelope", () => {
  const pem = { type: "pkcs8", format: "pem" } as const;
  const spki = { type: "spki", format: "pem" } as const;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: spki, privateKeyEncoding: pem });
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384", publicKeyEncoding: spki, privateKeyEncoding: pem });
  const encrypted = generateKeyPairSync("ed25519", {
    publicKeyEncoding: spki,
    privateKeyEncoding: { ...pem, cipher: "aes-256-cbc", passphrase: "secret" },
  });

  it("refuses keys of other kinds and names what it expects", () => {
    const expected = { exitCode: 2, names: ["Ed25519 or ECDSA P-256"] } as const;
    for (const { privateKey, publicKey } of [rsa, p384]) {
      refuses(() => signEnvelope(STATEMENT, privateKey), "KeyInvalid", expected);
      refuses(() => openEnvelope("{}", publicKey), "KeyInvalid", expected);
    }
  });

  it("refuses an encrypted key, a public key and a text that is no key", () => {
    const { publicKey } = newKeys.Ed25519();
    for (const text of [encrypted.privateKey, publicKey, "", "secret", "-----BEGIN PRIVATE KEY-----\nsecret\n"])
      refuses(() => signEnvelope(STATEMENT, text), "KeyInvalid", { exitCode: 2, names: ["private key"] });
  });

  it("takes a key in the form of OpenSSL's older commands", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", {
      namedCurve: "prime256v1",
      publicKeyEncoding: spki,
      privateKeyEncoding: { type: "sec1", format: "pem" },
    });
    strictEqual(openEnvelope(signEnvelope(STATEMENT, privateKey), publicKey), STATEMENT);
  });

  it("shows no part of a private key in an error", () => {
    const { privateKey } = newKeys.Ed25519();
    const body = privateKey.split("\n")[1] as string;
    for (const text of [body, privateKey.replace("MC4", "QQQ"), `${privateKey.slice(0, -40)}`])
      try {
        signEnvelope(STATEMENT, text);
        notStrictEqual(text, text, "the broken key was taken");
      } catch (error) {
        doesNotMatch((error as Error).message, new RegExp(body.slice(8, 24).replaceAll(/[+/]/g, "\\$&")));
      }
  });
});

describe("openEnvelope", () => {
  it("refuses a private key, which nobody should hand around", () => {
    const { privateKey } = newKeys.Ed25519();
    refuses(() => openEnvelope("{}", privateKey), "KeyInvalid", { exitCode: 2, names: ["-pubout"] });
  });

  it("refuses a text that is no public key", () => {
    for (const text of ["", "ssh-ed25519 AAAA", "-----BEGIN PUBLIC KEY-----\nrubbish\n-----END PUBLIC KEY-----\n"])
      refuses(() => openEnvelope("{}", text), "KeyInvalid", { exitCode: 2, names: ["public key"] });
  });
});

/** Base64 text with one bit of its bytes changed. */
function flipped(base64: string, bit: number): string {
  const bytes = Buffer.from(base64, "base64");
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes.toString("base64");
}
