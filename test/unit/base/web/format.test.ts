import { deepStrictEqual, strictEqual } from "node:assert";
import { duration, hostAndPort, later, lifeSpan, shellWord, utc } from "../../../../infra/base/web/format";

describe("utc", () => {
  it("shows a time of any zone in UTC", () => {
    strictEqual(utc("2026-11-24T21:07:00Z"), "2026-11-24 21:07:00 UTC");
    strictEqual(utc("2026-11-24T23:07:00.5+02:00"), "2026-11-24 21:07:00 UTC");
  });

  it("returns text that is not a time unchanged", () => strictEqual(utc("soon"), "soon"));
});

describe("later", () => {
  it("adds seconds to a time", () => {
    strictEqual(later("2026-11-24T21:07:00Z", 576 * 300), "2026-11-26T21:07:00Z");
  });

  it("returns text that is not a time unchanged", () => strictEqual(later("soon", 1), "soon"));
});

describe("duration", () => {
  for (const [seconds, words] of [
    [1, "1 second"],
    [90, "1 minute 30 seconds"],
    [300, "5 minutes"],
    [86_400, "1 day"],
    [2 * 86_400 + 3600, "2 days 1 hour"],
    [0, "0 seconds"],
  ] as const) {
    it(`shows ${seconds} s as ${words}`, () => strictEqual(duration(seconds), words));
  }
});

describe("lifeSpan", () => {
  it("counts in the largest unit of which there are two, at least in minutes", () => {
    const spans = (...ends: string[]) => ends.map((end) => lifeSpan("2026-01-01T00:00:00Z", end));
    deepStrictEqual(
      spans("2026-01-01T00:00:20Z", "2026-01-01T01:59:00Z", "2026-01-02T23:59:00Z", "2026-01-11T12:00:00Z"),
      ["1 minute", "119 minutes", "47 hours", "10 days"],
    );
  });
});

describe("hostAndPort", () => {
  it("adds the scheme's port to a URL without a port", () => {
    strictEqual(hostAndPort("https://api.example/"), "api.example:443");
    strictEqual(hostAndPort("http://api.example/"), "api.example:80");
    strictEqual(hostAndPort("http://api.example:8080/"), "api.example:8080");
  });
});

describe("shellWord", () => {
  it("quotes a word only if necessary", () => {
    strictEqual(shellWord("https://h/networks/1_2_3_1/config.json"), "https://h/networks/1_2_3_1/config.json");
    strictEqual(shellWord("a b"), "'a b'");
    strictEqual(shellWord("it's; rm"), `'it'\\''s; rm'`);
  });
});
