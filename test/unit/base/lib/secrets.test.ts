import { deepStrictEqual, strictEqual } from "node:assert";
import { OF_READING, OF_STATES, type SecretGroup, withSecrets } from "../../../../infra/base/lib/secrets";

describe("withSecrets", () => {
  const all = { HOME: "/", CLOUDFLARE_API_TOKEN: "all", AWS_ACCESS_KEY_ID: "writer", AWS_SECRET_ACCESS_KEY: "writer" };
  const kept = (groups: readonly SecretGroup[], more: Record<string, string> = {}) =>
    Object.keys(withSecrets(groups, { ...all, ...more })).sort();

  it("keeps the token of a part, and the general one only where the part has none", () => {
    deepStrictEqual(kept(["cloudflareDns"]), ["CLOUDFLARE_API_TOKEN", "HOME"]);
    const own = { CLOUDFLARE_DNS_TOKEN: "dns", CLOUDFLARE_KV_TOKEN: "kv" };
    deepStrictEqual(kept(["cloudflareDns"], own), ["CLOUDFLARE_DNS_TOKEN", "HOME"]);
    deepStrictEqual(kept(["cloudflareDns"], { CLOUDFLARE_DNS_TOKEN: "" }), ["CLOUDFLARE_API_TOKEN", "HOME"]);
    deepStrictEqual(kept([], own), ["HOME"]);
  });

  it("keeps the key of the store's reader, and the writer's only where there is none", () => {
    const own = { ARCHIVE_READER_AWS_ACCESS_KEY_ID: "r", ARCHIVE_READER_AWS_SECRET_ACCESS_KEY: "r" };
    deepStrictEqual(kept(OF_READING, own), [...Object.keys(own), "HOME"].sort());
    deepStrictEqual(kept(OF_READING), ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "HOME"]);
  });

  it("keeps an empty passphrase, which opens a stack whose passphrase is empty", () => {
    strictEqual(withSecrets(OF_STATES, { PULUMI_CONFIG_PASSPHRASE: "" }).PULUMI_CONFIG_PASSPHRASE, "");
  });
});
