import { strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tagContent } from "../../../infra/base/clients/git";
import { reasonIn } from "../../../infra/promote/release";
import { refuses } from "../../support/errors";

const RELEASE = "v1.2.3";
const LATIN_1 = Buffer.from("Release\n\nWithout-Simmer: trop de d\xe9lai\n", "latin1");
const SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\niQNotASignature\n-----END PGP SIGNATURE-----\n";
const FOLDED = "the testnet is dead, and its users\n wait for a new one since Monday";

describe("the reason of a release tag that git lets a careful person make", function () {
  this.timeout(30_000);

  const folder = mkdtempSync(join(tmpdir(), "release-reason-"));
  after(() => rmSync(folder, { recursive: true }));

  const git = (args: readonly string[], input: string | Buffer = "") =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Sam", "-c", "user.email=sam@example.org", ...args], {
      input,
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    }).trim();
  before(() => {
    git(["init", "--quiet"]);
    git(["commit", "--quiet", "--allow-empty", "-m", "Releasing v1.2.3"]);
    git(["tag", "-a", "-m", "Build\n\nWithout-Simmer: of the build", "v1.2.3+1"]);
  });

  /** The reason that a promotion finds in a tag with this message. */
  async function reasonOf(message: string | Buffer, target = "HEAD"): Promise<string | undefined> {
    git(["tag", "--force", "-a", "--cleanup=verbatim", "-F", "-", RELEASE, target], message);
    return reasonIn((await tagContent(`file://${folder}`, RELEASE, "CHANGELOG.md")).message);
  }

  const right: readonly [kind: string, message: string, reason: string | undefined][] = [
    ["lines that end as on Windows", "Release\r\n\r\nWithout-Simmer: on Windows\r\n", "on Windows"],
    ["a folded reason", `Release\n\nWithout-Simmer: ${FOLDED}\nReviewed-by: S\n`, FOLDED.replace("\n", "")],
    ["a signature below it", `Release\n\nWithout-Simmer: signed\n${SIGNATURE}`, "signed"],
    ["the words in running text", "Release\n\nWe never write\nWithout-Simmer: words\nin a text.\n\nMore.\n", undefined],
    ["an empty message", "", undefined],
  ];
  for (const [kind, message, reason] of right) {
    it(`is found or not, as git does it, with ${kind}`, async () => strictEqual(await reasonOf(message), reason));
  }

  it("is that of the outer tag of two", async () => {
    strictEqual(await reasonOf("Release\n\nWithout-Simmer: a tag of a tag\n", "v1.2.3+1"), "a tag of a tag");
    strictEqual(await reasonOf("Release\n", "v1.2.3+1"), undefined);
  });

  it("is refused when there are two", async () => {
    const message = "Release\n\nWithout-Simmer: first\nWithout-Simmer: second\n";
    await refusesReason(message, "ReasonTwice", "2 lines Without-Simmer");
  });

  it("is refused when it is Latin-1", () => refusesReason(LATIN_1, "ReasonNotText", "not UTF-8"));

  async function refusesReason(message: string | Buffer, code: string, name: string): Promise<void> {
    git(["tag", "--force", "-a", "--cleanup=verbatim", "-F", "-", RELEASE, "HEAD"], message);
    const found = await tagContent(`file://${folder}`, RELEASE, "CHANGELOG.md");
    refuses(() => reasonIn(found.message), code, { names: [name], exitCode: 2 });
  }
});
