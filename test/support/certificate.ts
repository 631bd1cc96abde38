import { generateKeyPairSync } from "node:crypto";
import type { CertificateInput } from "../../infra/simmer/certificate/statement";

const publicKeyEncoding = { type: "spki", format: "pem" } as const;
const privateKeyEncoding = { type: "pkcs8", format: "pem" } as const;

/** A new pair of keys in PEM, by the kinds that sign certificates. */
export const newKeys = {
  Ed25519: () => generateKeyPairSync("ed25519", { publicKeyEncoding, privateKeyEncoding }),
  "ECDSA P-256": () => generateKeyPairSync("ec", { namedCurve: "prime256v1", publicKeyEncoding, privateKeyEncoding }),
} as const;

const DAY = 86_400;

/** A simmer of seven full days that was blind for an hour. */
export const SAMPLE_INPUT: CertificateInput = {
  tag: "v1.2.3+1",
  release: "v1.2.3",
  repository: "https://github.com/spacemeshos/go-spacemesh",
  commit: "d20ace7968ba43c0219f62d71334c1095bab1602",
  image: { name: "spacemeshos/go-spacemesh:v1.2.3-b1", sha256: "1".repeat(64) },
  genesisId: "9eebff023abb17ccb775c602daade8ed708f0a50",
  effectiveGenesis: 8064,
  chain: { prefix: "simmer/v1.2.3+1/", count: 20_411, head: "2".repeat(64) },
  observed: { healthy: 7 * DAY, slow: 0, stalled: 0, split: 0, blind: 3600 },
  needed: 7 * DAY,
  thresholds: { slow: 2, stalled: 4 },
  from: "2026-11-20T12:00:00.000Z",
  to: "2026-11-27T13:00:00.000Z",
  visits: 7,
  digests: { config: "3".repeat(64), versions: "4".repeat(64), smoke: "5".repeat(64) },
  page: "http://1_2_3_1.net.spacemesh.io/",
};
