import { strictEqual } from "node:assert";
import { isSameWorld } from "../../../../infra/base/lib/worlds";

describe("isSameWorld", () => {
  it("compares the variables that both processes have, and otherwise their folders", () => {
    const here = { PULUMI_BACKEND_URL: "file:///a", SPACECRAFT_HOME: "/a" };
    strictEqual(isSameWorld(here, here), true);
    strictEqual(isSameWorld(here, {}), true);
    strictEqual(isSameWorld({ ...here, "": "/checkout" }, { "": "/checkout" }), true);
    strictEqual(isSameWorld({ ...here, "": "/checkout" }, { "": "/another" }), false);
    strictEqual(isSameWorld({ ...here, "": "/checkout" }, { ...here, "": "/another" }), true);
    strictEqual(isSameWorld(here, { SPACECRAFT_HOME: "/b" }), false);
    strictEqual(isSameWorld(here, { ...here, PULUMI_BACKEND_URL: "file:///b" }), false);
  });
});
