import { deepStrictEqual, strictEqual } from "node:assert";
import { supersededIn, supersedes, trailersIn } from "../../../../infra/base/model/trailers";

/** The trailers of a message as `git interpret-trailers --parse` prints them. */
const parsed = (message: string): string[] => trailersIn(message).map(({ key, value }) => `${key}: ${value}`);

describe("trailersIn", () => {
  it("reads the last paragraph", () => {
    deepStrictEqual(parsed("Release\n\nText.\n\nWithout-Simmer: late\nReviewed-by: S <s@example.org>\n"), [
      "Without-Simmer: late",
      "Reviewed-by: S <s@example.org>",
    ]);
  });

  it("reads a message of one paragraph, as `git tag -m` writes it", () => {
    deepStrictEqual(parsed("Without-Simmer: a tag of a tag\n"), ["Without-Simmer: a tag of a tag"]);
  });

  it("reads lines that end as on Windows", () => {
    deepStrictEqual(parsed("Release\r\n\r\nWithout-Simmer: written on Windows\r\n"), [
      "Without-Simmer: written on Windows",
    ]);
  });

  it("joins folded lines", () => {
    deepStrictEqual(parsed("Release\n\nWithout-Simmer: dead, and its users\n wait \n\tfor a new one\nA: b\n"), [
      "Without-Simmer: dead, and its users wait for a new one",
      "A: b",
    ]);
  });

  it("passes over blank lines and comments at the end", () => {
    deepStrictEqual(parsed("Release\n\nA: b\n# A comment.\n \n\n"), ["A: b"]);
  });

  it("passes over a signature", () => {
    for (const kind of ["PGP", "SSH"]) {
      const signature = `-----BEGIN ${kind} SIGNATURE-----\n\niQ\n-----END ${kind} SIGNATURE-----\n`;
      deepStrictEqual(parsed(`Release\n\nWithout-Simmer: signed\n${signature}`), ["Without-Simmer: signed"]);
    }
  });

  it("finds none in running text", () => {
    for (const message of [
      "",
      "\n\n",
      "Release\n",
      "Release\n\nWe never write\nWithout-Simmer: words\nin the middle.\n\nMore text.\n",
      "Release\n\nWithout-Simmer: words\n\nMore text.\n",
      "Release\n\nWe write\nWithout-Simmer: words\n",
      "Release\n\nTwo words: value\n",
      "Release\n\n folded: first\nA: b\n",
    ]) {
      deepStrictEqual(parsed(message), [], message);
    }
  });

  it("takes a quarter of the lines as enough beside a line that git writes, as git does", () => {
    deepStrictEqual(parsed("Title\n\ntext\nmore\nA: b\nSigned-off-by: S\n"), ["A: b", "Signed-off-by: S"]);
    deepStrictEqual(parsed("Title\n\n1\n2\n3\n4\nSigned-off-by: S\n"), []);
  });
});

describe("supersededIn", () => {
  const superseded = { tag: "v1.2.3+1", why: "It stalled at layer 42: no beacon" };

  it("reads what was superseded, and why", () => {
    deepStrictEqual(supersededIn(`Build v1.2.3+2\n\n${supersedes(superseded)}\n`), superseded);
  });

  it("finds nothing in another form", () => {
    for (const value of ["", "v1.2.3+1", "v1.2.3 words", "the last one", "v1.2.3+1 a\nSupersedes: v1.2.3+1 b"]) {
      strictEqual(supersededIn(`Build v1.2.3+2\n\nSupersedes: ${value}\n`), undefined, value);
    }
  });
});
