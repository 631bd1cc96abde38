import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { alertmanagerText } from "../../../../infra/deploy/monitoring/alertmanager";
import { prometheusText } from "../../../../infra/deploy/monitoring/prometheus";
import { alertsOf } from "../../../../infra/deploy/monitoring/rules";
import { NETWORK } from "../../../support/alerts/trials";

const GOLDEN = join(__dirname, "../../../golden");
const REMOTE = { url: "https://metrics.example.org/api/v1/write", hasPassword: true };

const Jobs = z.looseObject({
  scrape_configs: z.array(z.looseObject({ job_name: z.string(), static_configs: z.array(z.unknown()) })),
});
const Inhibition = z.looseObject({
  inhibit_rules: z.array(
    z.strictObject({
      source_matchers: z.tuple([z.string()]),
      target_matchers: z.tuple([z.string()]),
      equal: z.tuple([z.literal("network")]),
    }),
  ),
});

for (const [name, text] of [
  ["prometheus.yml", prometheusText(NETWORK, REMOTE)],
  ["alertmanager.yml", alertmanagerText(NETWORK)],
] as const) {
  it(`${name} is as in test/golden (UPDATE_GOLDEN=1 npx mocha test/unit/deploy/monitoring/configs.test.ts rewrites it)`, () => {
    const file = join(GOLDEN, name);
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, text);
    assert.strictEqual(text, readFileSync(file, "utf8"));
  });
}

describe("prometheusText", () => {
  const jobs = (text: string) => Jobs.parse(parse(text)).scrape_configs.map(({ job_name }) => job_name);

  it("asks all kinds of programs that an era has metrics of", () => {
    assert.deepStrictEqual(jobs(prometheusText(NETWORK)), ["node", "poet", "gateway", "explorer", "tap", "watcher"]);
    const era = { ...NETWORK, driver: "spacecraft", hasTap: false } as const;
    assert.deepStrictEqual(jobs(prometheusText(era)), ["node", "gateway", "watcher"]);
  });

  it("sends nothing elsewhere unless somebody says where", () => {
    assert.doesNotMatch(prometheusText(NETWORK), /remote_write/);
    assert.doesNotMatch(prometheusText(NETWORK, { ...REMOTE, hasPassword: false }), /basic_auth/);
  });
});

describe("alertmanagerText", () => {
  it("names only alerts that there are", () => {
    const names = new Set(alertsOf(NETWORK).map(({ name }) => name));
    for (const { source_matchers, target_matchers } of Inhibition.parse(parse(alertmanagerText(NETWORK)))
      .inhibit_rules) {
      for (const name of [...source_matchers, ...target_matchers].join("|").match(/[A-Z]\w+/g) ?? [])
        assert.ok(names.has(name), name);
    }
  });
});
