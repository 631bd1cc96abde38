import { strictEqual } from "node:assert";
import { duration, hostAndPort, later, shellWord, utc } from "../../../../infra/base/web/format";

describe("The info page's words for values", () => {
  it("write a time in UTC, whatever its zone", () => {
    strictEqual(utc("2026-11-24T21:07:00Z"), "2026-11-24 21:07:00 UTC");
    strictEqual(utc("2026-11-24T23:07:00.5+02:00"), "2026-11-24 21:07:00 UTC");
  });

  it("leave alone what is no time", () => {
    strictEqual(utc("soon"), "soon");
    strictEqual(later("soon", 1), "soon");
  });

  it("find the time some layers later", () => {
    strictEqual(later("2026-11-24T21:07:00Z", 576 * 300), "2026-11-26T21:07:00Z");
  });

  for (const [seconds, words] of [
    [1, "1 second"],
    [90, "1 minute 30 seconds"],
    [300, "5 minutes"],
    [86_400, "1 day"],
    [2 * 86_400 + 3600, "2 days 1 hour"],
    [0, "0 seconds"],
  ] as const) {
    it(`call ${seconds} s ${words}`, () => strictEqual(duration(seconds), words));
  }

  it("give the port of an address, written or not", () => {
    strictEqual(hostAndPort("https://api.example/"), "api.example:443");
    strictEqual(hostAndPort("http://api.example/"), "api.example:80");
    strictEqual(hostAndPort("http://api.example:8080/"), "api.example:8080");
  });

  it("quote for the shell only what needs it", () => {
    strictEqual(shellWord("https://h/networks/1_2_3_1/config.json"), "https://h/networks/1_2_3_1/config.json");
    strictEqual(shellWord("a b"), "'a b'");
    strictEqual(shellWord("it's; rm"), `'it'\\''s; rm'`);
  });
});
