import { match, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { curveRules } from "../../../infra/deploy/monitoring/curves";
import { panelsOf } from "../../../infra/deploy/monitoring/panels";
import { prometheusText } from "../../../infra/deploy/monitoring/prometheus";
import { alertsOf, rulesText } from "../../../infra/deploy/monitoring/rules";
import { ruleTests } from "../../support/alerts/rule-tests";
import { NETWORK, TRIALS } from "../../support/alerts/trials";
import { toolchain } from "../../support/toolchain";

describe("the alert rules in the real promtool", function () {
  this.timeout(30_000);

  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-rules-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function promtool(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(join(toolchain().bin, "promtool"), args, {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, text: stdout + stderr };
  }

  it("are rules that Prometheus takes, in both eras", () => {
    writeFileSync(join(folder, "rules.yml"), rulesText(NETWORK));
    writeFileSync(join(folder, "era.yml"), rulesText({ ...NETWORK, driver: "spacecraft" }));
    const { status, text } = promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yml", "era.yml");
    strictEqual(status, 0, text);
    match(text, new RegExp(`${alertsOf(NETWORK).length + curveRules(NETWORK).length} rules found`));
  });

  it("are beside a dashboard whose expressions Prometheus takes, in both eras", () => {
    for (const driver of ["kubernetes", "spacecraft"] as const) {
      const panels = panelsOf({ ...NETWORK, driver });
      const rules = panels.map(({ expression }, i) => ({ record: `panel:${i + 1}`, expr: expression }));
      writeFileSync(join(folder, "panels.yml"), stringify({ groups: [{ name: "panels", rules }] }));
      const { status, text } = promtool("check", "rules", "--lint=all", "--lint-fatal", "panels.yml");
      strictEqual(status, 0, text);
      match(text, new RegExp(`${panels.length} rules found`));
    }
  });

  it("are named by a configuration that Prometheus takes, with a receiver of all metrics", () => {
    const remote = { url: "https://metrics.example.org/api/v1/write", hasPassword: true };
    writeFileSync(join(folder, "rules.yml"), rulesText(NETWORK));
    writeFileSync(join(folder, "prometheus.yml"), prometheusText(NETWORK, remote));
    const { status, text } = promtool("check", "config", "--syntax-only", "prometheus.yml");
    strictEqual(status, 0, text);
  });

  it(`fire and keep silent as in ${TRIALS.length} trials`, () => {
    const files = ruleTests(alertsOf(NETWORK), TRIALS);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const tests = Object.keys(files).filter((name) => name.endsWith(".test.yml"));
    const { status, text } = promtool("test", "rules", ...tests);
    strictEqual(status, 0, text);
  });
});
