import { ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Settings } from "../../../infra/base/model/settings";
import { PAGES } from "../../../scripts/docs/main";
import { CHECKOUT } from "../../support/checkout";

describe("a generated page", () => {
  for (const [name, page] of Object.entries(PAGES)) {
    it(`docs/${name} is what \`npm run docs\` writes`, async () => {
      strictEqual(readFileSync(join(CHECKOUT, "docs", name), "utf8"), await page());
    });
  }

  it("docs/errors.md shows no expression of the source", async () => {
    const shown = (await PAGES["errors.md"]?.()) ?? "";
    ok(!/[{(]\w+ as |\$\{|\.join\(|=>/.test(shown));
  });

  it("docs/settings.md shows defaults of several parts as JSON", async () => {
    const shown = (await PAGES["settings.md"]?.()) ?? "";
    ok(!shown.includes("[object"));
    ok(shown.includes('`node` `{"cpu":"1300m","memory":"1600Mi","disk":"10Gi"}`'));
  });

  it("docs/settings.md explains every setting", () => {
    for (const [key, { description }] of Object.entries(Settings.shape)) ok(description, key);
  });
});
