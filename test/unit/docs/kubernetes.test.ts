import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RETIRING } from "../../../infra/base/cli/environment";
import { sumOf } from "../../../infra/base/model/demand";
import { coresText, sizeText } from "../../../infra/base/model/quantity";
import { Settings, variableOf } from "../../../infra/base/model/settings";
import { demandIn } from "../../../infra/doctor/demand";
import { errorCodes, messageCatalogue } from "../../../scripts/docs/messages";
import { command } from "../../../scripts/doctor";
import { CHECKOUT } from "../../support/checkout";
import { settingsWith } from "../../support/settings";

/** Of values that the driver makes itself, so that no operator meets them. */
const NEVER = ["ExtraDataWrong", "GenesisTimeWrong"];

const read = (path: string): string => readFileSync(join(CHECKOUT, path), "utf8");
const PAGE = read("docs/kubernetes.md");
const EXAMPLE = read("packaging/kubernetes/first.env.example");

/** The rows of the table below a heading, without its head. */
const rowsBelow = (heading: string): string[] => {
  const [, section = ""] = PAGE.split(`\n## ${heading}\n`);
  const rows =
    section
      .split("\n## ", 1)[0]
      ?.split("\n")
      .filter((line) => line.startsWith("|")) ?? [];
  return rows.slice(2);
};

describe("docs/kubernetes.md", () => {
  it("tells the costs that `smeshnet doctor --json` prints", () => {
    const demands = demandIn(settingsWith({ driver: "kubernetes", kubeContext: "here", miners: 25 }));
    const names = ["nodes", "poets", "explorer, dashboard, tap, gateway, first beacon", "all"];
    const rows = [...demands.map((one) => sumOf([one])), sumOf(demands)].map(
      ({ pods, cpu, memory, disk }, i) =>
        `| ${names[i]} | ${pods} | ${coresText(cpu).replace(" cores", "")} | ${sizeText(memory)} | ${sizeText(disk)} |`,
    );
    deepStrictEqual(rowsBelow("What it costs"), rows);
  });

  it("leads to a network in ten commands", () => {
    const [, block = ""] = /\n## Ten commands\n\n```\n([\s\S]*?)\n```/.exec(PAGE) ?? [];
    strictEqual(block.split("\n").length, 10);
  });

  it("explains every setting of the driver", () => {
    const ofDriver = Object.entries(Settings.shape)
      .filter(([key, { description = "" }]) => description.includes("(kubernetes)") || key === "images")
      .map(([key]) => key);
    ok(ofDriver.length > 8);
    const explained = rowsBelow("Settings of the driver").flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    deepStrictEqual(
      ofDriver.filter((key) => !explained.includes(key)),
      [],
    );
  });

  it("names only error codes that exist", () => {
    const known = errorCodes(messageCatalogue());
    const named = rowsBelow("When it fails").flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([A-Z]\w+)`/g)].map(([, code = ""]) => code),
    );
    ok(named.length > 10);
    deepStrictEqual(
      named.filter((code) => !known.includes(code) && code !== "ImagePullBackOff" && code !== "Pending"),
      [],
    );
  });

  it("has a row for every error of the driver and of its way into a cluster", () => {
    const codes = ["infra/deploy/network/kubernetes", "infra/base/clients/kubernetes"].flatMap((folder) =>
      readdirSync(join(CHECKOUT, folder)).flatMap((name) =>
        [...read(`${folder}/${name}`).matchAll(/new UserError\(\s*"(\w+)"/g)].map(([, code = ""]) => code),
      ),
    );
    ok(codes.length > 20);
    const named = rowsBelow("When it fails").map((row) => row.split("|")[1] ?? "");
    deepStrictEqual(
      [...new Set(codes)].filter(
        (code) => !NEVER.includes(code) && !named.some((cell) => cell.includes(`\`${code}\``)),
      ),
      [],
    );
  });

  it("names only settings that exist, as the example of an environment does", () => {
    const known = [
      ...Object.keys(Settings.shape).map(variableOf),
      ...[...command.environment, ...RETIRING].map(({ name }) => name),
    ];
    const used = [...`${PAGE}\n${EXAMPLE}`.matchAll(/(?:^|\s)#?([A-Z][A-Z_]+)=/gm)].map(([, name = ""]) => name);
    ok(used.length > 15);
    deepStrictEqual(
      used.filter((name) => !known.includes(name) && name !== "PATH"),
      [],
    );
  });

  it("has an example that lacks no required setting", () => {
    const given = Object.fromEntries(
      [...EXAMPLE.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
        name,
        value.replace(/^"|"$/g, ""),
      ]),
    );
    const base = {
      gcpProject: "",
      gcpLocation: "",
      gcpZone: "",
      zoneId: undefined,
      accountId: undefined,
      archive: undefined,
    };
    const fromExample = Object.fromEntries(
      Object.keys(Settings.shape).flatMap((key) => {
        const value = given[variableOf(key)];
        return value === undefined ? [] : [[key, value]];
      }),
    );
    strictEqual(settingsWith({ ...base, ...fromExample }).driver, "kubernetes");
  });
});
