import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { generateKeyPairSync, verify } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { type HttpListening, sendJson, serveHttp } from "../../../sandbox/chain/serve-http";
import { nodeLog } from "../../../sandbox/chain/today/node-log";
import { openRound, registerForRounds } from "../../../sandbox/chain/today/registrations";
import { ripemd256 } from "../../../sandbox/chain/today/ripemd256";

describe("ripemd256", () => {
  it("hashes as its authors say, also what fills a block", () => {
    for (const [text, hash] of [
      ["", "02ba4c4e5f8ecd1877fc52d64d30e37a2d9774fb1e5d026380ae0168e3c5522d"],
      ["abc", "afbd6e228b9d8cbbcef5ca2d03e6dba10ac0bc7dcbe4680e1e42d2e975459b65"],
      ["1234567890".repeat(8), "06fdcc7a409548aaf91368c06a6275b553e3f099bf0ea4edfd6778df89a890dd"],
    ] as const)
      strictEqual(ripemd256(Buffer.from(text)).toString("hex"), hash);
  });
});

describe("a simulated node of today at a poet", () => {
  const bytes = z.base64().transform((text) => Buffer.from(text, "base64"));
  const Sent = z.object({
    nonce: z.string().transform(BigInt),
    ...{ prefix: bytes, challenge: bytes, pubkey: bytes, signature: bytes },
  });
  type Sent = z.infer<typeof Sent>;

  const clock = { genesisTime: Date.now() - 500, layerDuration: 0.1, layersPerEpoch: 4, phaseShift: 200 };
  const params = { challenge: Buffer.alloc(32, 7).toString("base64"), difficulty: 4 };
  const { privateKey: key, publicKey } = generateKeyPairSync("ed25519");
  const identity = { key, publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url") };
  const genesisId = Buffer.alloc(20, 9);
  const submitted = new EventEmitter();
  let poet: HttpListening;
  let refusals: number;
  beforeEach(async () => {
    refusals = 0;
    poet = await serveHttp("127.0.0.1", 0, async (request, response) => {
      if (request.url === "/v1/pow_params") return sendJson(response, 200, { powParams: params });
      const sent = await json(request);
      sendJson(response, refusals-- > 0 ? 503 : 200, {});
      submitted.emit("one", sent);
    });
  });
  afterEach(() => poet.close());

  const register = (isSmeshing: boolean, port: number): (() => void) => {
    const config = { ...clock, genesisId, isSmeshing, poets: [`http://127.0.0.1:${port}`] };
    return registerForRounds(
      config,
      identity,
      { namespace: "default", env: {} },
      nodeLog(true, () => undefined),
    );
  };
  async function taken(count: number): Promise<Sent[]> {
    const stop = register(true, poet.port);
    const found: Sent[] = [];
    try {
      while (found.length < count) found.push(Sent.parse((await once(submitted, "one"))[0]));
    } finally {
      stop();
    }
    return found;
  }

  it("signs its challenge, and proves the work that poet asks for", async () => {
    const [sent] = await taken(1);
    ok(sent);
    deepStrictEqual([sent.pubkey, sent.challenge.length], [identity.publicKey, 32]);
    ok(verify(null, Buffer.concat([sent.prefix, sent.challenge]), publicKey, sent.signature));
    const nonce = Buffer.alloc(8);
    nonce.writeBigUInt64LE(sent.nonce);
    const hash = ripemd256(
      Buffer.concat([Buffer.from(params.challenge, "base64"), sent.pubkey, sent.challenge, nonce]),
    );
    ok((hash[0] ?? 255) < 16);
  });

  it("registers for each round once, with another challenge", async () => {
    const [first, second] = await taken(2);
    ok(first && second && !first.challenge.equals(second.challenge));
  });

  it("tries again at the next layer with the same challenge, when poet refuses", async () => {
    refusals = 1;
    const [first, second] = await taken(2);
    ok(first && second?.challenge.equals(first.challenge));
  });

  it("registers nowhere when it does not smesh", async () => {
    let asked = 0;
    const other = await serveHttp("127.0.0.1", 0, (_, response) => {
      asked++;
      sendJson(response, 404, {});
    });
    const stop = register(false, other.port);
    await taken(1); // another node's, which begins later
    stop();
    await other.close();
    strictEqual(asked, 0);
  });
});

describe("openRound", () => {
  it("is round N until a phase shift after epoch N begins", () => {
    const config = { genesisTime: 1_000_000, layerDuration: 2, layersPerEpoch: 8, phaseShift: 6_000 };
    const at = (seconds: number) => openRound(config, 1_000_000 + seconds * 1000);
    deepStrictEqual([-100, 0, 5.9, 6, 21.9, 22].map(at), [0, 0, 0, 1, 1, 2]);
  });
});
