import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import { UserError } from "../../../../../infra/base/lib/errors";
import {
  keyPairOf,
  makeKeyPair,
  makeKeys,
  p2pKeyFile,
  peerId,
  poetPrivateKey,
  poetPublicKey,
  readKeys,
  smesherKeyFile,
} from "../../../../../infra/deploy/network/kubernetes/keys";

const hex = (text: string) => Buffer.from(text, "hex");

/** RFC 8032, section 7.1, test 1. */
const RFC = {
  seed: hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
  publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
};

/** libp2p specs, peer-ids/peer-ids.md, test vectors of Ed25519. */
const LIBP2P = {
  seed: hex("7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"),
  private:
    "080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d" +
    "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e",
};

const parts = (file: string): { Key: string; ID: string } => JSON.parse(file);

describe("keys of a network", () => {
  it("have the public key of RFC 8032", () => {
    strictEqual(keyPairOf(RFC.seed).publicKey.toString("hex"), RFC.publicKey);
  });

  it("have the protobuf form of libp2p's specification", () => {
    const file = parts(p2pKeyFile(keyPairOf(LIBP2P.seed)));
    strictEqual(Buffer.from(file.Key, "base64").toString("hex"), LIBP2P.private);
  });

  it("have the peer ids of libp2p", () => {
    // The seed of zeros is the relay of rust-libp2p's tutorial on hole punching (--secret-key-seed 0).
    strictEqual(peerId(keyPairOf(Buffer.alloc(32))), "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");
    const pair = makeKeyPair();
    strictEqual(parts(p2pKeyFile(pair)).ID, peerId(pair));
  });

  it("have the forms that node and poet read", () => {
    const pair = keyPairOf(RFC.seed);
    strictEqual(smesherKeyFile(pair), RFC.seed.toString("hex") + RFC.publicKey);
    strictEqual(Buffer.from(poetPrivateKey(pair), "base64").toString("hex"), smesherKeyFile(pair));
    strictEqual(Buffer.from(poetPublicKey(pair), "base64").toString("hex"), RFC.publicKey);
  });

  it("are all different and are read as they were made", () => {
    const data = makeKeys({ nodes: 3, poets: 2 });
    deepStrictEqual(
      Object.keys(data).sort(),
      ["local-1.key", "local-2.key", "local-3.key", "p2p-1.key", "p2p-2.key", "p2p-3.key", "poet-1", "poet-2"].sort(),
    );
    const { peerIds, smesherIds, poetKeys } = readKeys(data, { nodes: 3, poets: 2 });
    deepStrictEqual(
      peerIds,
      [1, 2, 3].map((n) => parts(data[`p2p-${n}.key`] ?? "").ID),
    );
    deepStrictEqual(
      smesherIds,
      [1, 2, 3].map((n) => data[`local-${n}.key`]?.slice(64)),
    );
    strictEqual(new Set([...peerIds, ...smesherIds, ...poetKeys]).size, 8);
    ok(poetKeys.every((key) => Buffer.from(key, "base64").length === 32));
  });

  const good = makeKeys({ nodes: 2, poets: 1 });
  const other = makeKeys({ nodes: 1, poets: 1 });
  const damaged: [string, string | undefined][] = [
    ["p2p-2.key", undefined],
    ["p2p-1.key", ""],
    ["p2p-1.key", "{}"],
    ["p2p-1.key", JSON.stringify({ ...parts(good["p2p-1.key"] ?? ""), ID: parts(other["p2p-1.key"] ?? "").ID })],
    ["p2p-1.key", JSON.stringify({ ...parts(good["p2p-1.key"] ?? ""), Key: "CAES" })],
    ["local-2.key", undefined],
    ["local-1.key", `${good["local-1.key"]}\n`],
    ["local-1.key", good["local-1.key"]?.slice(2)],
    ["local-1.key", (good["local-1.key"] ?? "").slice(0, 64) + (other["local-1.key"] ?? "").slice(64)],
    ["poet-1", undefined],
    ["poet-1", `${good["poet-1"]}=`],
    ["poet-1", Buffer.alloc(64).toString("base64")],
  ];
  for (const [i, [name, text]] of damaged.entries()) {
    it(`name a ${text === undefined ? "missing" : "damaged"} ${name} and nothing of it (${i + 1})`, () => {
      throws(
        () => readKeys({ ...good, [name]: text }, { nodes: 2, poets: 1 }),
        (error: unknown) => {
          ok(error instanceof UserError);
          strictEqual(error.code, "NetworkKeysDamaged");
          strictEqual(error.what, `The Secret network-keys holds ${text === undefined ? "no" : "a damaged"} ${name}.`);
          return true;
        },
      );
    });
  }
});
