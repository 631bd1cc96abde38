import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { failedItem, failedPage, failedSection, failureOfLife } from "../../../edge/failed";
import { failure, mendable } from "../../support/failures";

describe("failureOfLife", () => {
  it("is the failure of the present life, not of one that was retired", () => {
    const at = (retiredAt: string) => failureOfLife(failure(), [{ retiredAt }]);
    strictEqual(at("2026-11-26T00:00:00Z"), undefined);
    deepStrictEqual(at("2026-11-20T00:00:00Z"), failure());
    deepStrictEqual(failureOfLife(failure(), []), failure());
  });
});

describe("failedSection", () => {
  it("says the step, what it saw, the fix, the log, the commit, and what comes next with its command", () => {
    const section = failedSection(failure()).toString();
    match(
      section,
      /The deployment of v1\.2\.3\+1 failed.*step <strong>smoke test<\/strong> failed on <time[^>]*>25 November 2026, 07:40 UTC/s,
    );
    match(section, /What it saw.*miner-3 does not answer\. \(SmokeTestFailed\).*To fix.*in a new commit/s);
    match(section, /Log.*<a href="https:\/\/github\.com\/[^"]*\/runs\/7">.*<code>events\.log<\/code> on the machine/s);
    match(
      section,
      /<code>c{40}<\/code>.*The next build is v1\.2\.3\+2:<br><code>smeshnet tag build --reason TEXT<\/code>/s,
    );
    doesNotMatch(section, /smeshnet deploy|Failed after it/);
  });

  it("says that the same command continues where it does, and which steps failed after the first", () => {
    const section = failedSection(mendable({ log: {}, others: [{ step: "dash", saw: "no image" }] })).toString();
    match(
      section,
      /Failed after it.*dash: no image.*the same command continues:<br><code>smeshnet deploy v1\.2\.3\+1</s,
    );
    doesNotMatch(section, /<dt>Log/);
  });

  it("shows a failure as text, even when it contains markup, and links only to the web", () => {
    const bad = `</section><script>"'&`;
    const hostile = failure({
      tag: bad,
      cause: { step: bad, saw: bad, fix: bad },
      log: { run: `javascript:${bad}`, events: bad },
    });
    for (const page of [
      failedSection(hostile).toString(),
      failedPage(hostile),
      failedItem("1_2_3_1", hostile).toString(),
    ]) {
      doesNotMatch(page, /<script>|href="javascript|<\/section>.*<\/section>/s);
      match(page, /&#60;script&#62;/);
    }
  });
});
