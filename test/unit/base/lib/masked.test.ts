import { deepStrictEqual, strictEqual } from "node:assert";
import { masked } from "../../../../infra/base/lib/masked";

describe("masked", () => {
  it("hides the credentials of a URL, of a webhook, of a header and of a key", () =>
    deepStrictEqual(
      [
        "git clone https://me:ghp_123@github.com/x.git",
        "POST https://discord.com/api/webhooks/12/a-b_c",
        "Authorization: Bearer abcdefghijkl",
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY----- end",
      ].map((text) => masked(text)),
      [
        "git clone https://[secret]@github.com/x.git",
        "POST https://discord.com/api/webhooks/12/[secret]",
        "Authorization: Bearer [secret]",
        "[secret] end",
      ],
    ));

  it("hides known secrets wherever they stand, but no word that is as short as a part of others", () =>
    strictEqual(
      masked("token=marked-token, and a tokenmarked-token", ["marked-token", "and"]),
      "token=[secret], and a token[secret]",
    ));
});
