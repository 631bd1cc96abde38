import { rejects, strictEqual, throws } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WrongOptions } from "../../../sandbox/home";
import { trust } from "../../../sandbox/tls/own-certificate";
import { requirePebble } from "../../../sandbox/tls/pebble";
import { up } from "../../../sandbox/up";

describe("TLS in a sandbox", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-tls-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("goes on to trust the root of before a restart, and each certificate once", () => {
    const file = join(folder, "trusted.pem");
    trust(file, ["own\n", "first root\n"]);
    trust(file, ["own\n", "second root\n"]);
    strictEqual(readFileSync(file, "utf8"), "own\nfirst root\nsecond root\n");
  });

  it("is refused in one line where set-up has not built the authority", () => {
    throws(
      () => requirePebble(folder),
      new WrongOptions("TLS needs the tool pebble, which is not set up. Run `npm run setup`."),
    );
  });

  it("is never added to a sandbox without it", async () => {
    const world = join(folder, "world.json");
    writeFileSync(world, '{"schema":1}');
    await rejects(
      up(folder, () => undefined, { tls: true }),
      /has no TLS\. Run `npm run sandbox -- down`, then/,
    );
    strictEqual(readFileSync(world, "utf8"), '{"schema":1}');
  });
});
