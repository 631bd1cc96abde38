import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { AnnouncementInput } from "../../../infra/base/model/announcement";
import { changesOf } from "../../../infra/base/model/changelog/changes";
import { decoded } from "../../../infra/base/model/changelog/decode";
import { releasedChangelog } from "../../../infra/prepare/changelog";
import { announcementPayload } from "../../../infra/promote/announcement/message";
import { refuses } from "../errors";
import { type Trial, trialBytes, trialInput } from "./trial";

const changes = (id: string, release: string): string | undefined => changesOf(trialInput(id, "CHANGELOG.md"), release);

/** What a reader of Discord sees of an announcement. */
function announced(text: string, reason?: string) {
  const payload = announcementPayload({
    channel: "testnet",
    generation: 1,
    kind: "promotion",
    release: "v1.2.3",
    tag: "v1.2.3+1",
    changes: text,
    page: "http://test.net.spacemesh.io/",
    explorer: "https://explorer.test.net.spacemesh.io/",
    ...(reason !== undefined && { reason }),
  });
  return { ...payload.embeds[0], mentions: payload.allowed_mentions.parse };
}

/** Releases a changelog, and shows it as text. */
const released = (id: string, file: string, version: string): string =>
  Buffer.from(releasedChangelog(trialBytes(id, file), { version, date: "2026-11-29" })).toString("utf8");

/** T01: go-spacemesh's own manner. */
export const nodeManner: Trial = async () => {
  const found = changes("T01", "v1.3.0") ?? "";
  ok(found.startsWith("### Upgrade information") && found.endsWith("a process of their own."), found);
  match(changes("T01", "v1.2.13") ?? "", /^### Improvements\n\n\* .*active set of an epoch can be given in advance\.$/);
  strictEqual(changes("T01", "v1.3.1"), undefined);
  const before = trialInput("T01", "CHANGELOG.md");
  const after = released("T01", "CHANGELOG.md", "1.4.0");
  strictEqual(after, before.replace("## UNRELEASED\n", "## UNRELEASED\n\n## Release v1.4.0\n"));
};

/** T04: headings in comments. */
export const comments: Trial = async () => {
  const found = changes("T04", "v1.2.3") ?? "";
  match(found, /^### Added[\s\S]*layers are verified in order[\s\S]*votes of late smeshers count$/);
  doesNotMatch(found, /<!--|Sam|PR 99|taken back|<details>|<summary>/);
  strictEqual(changes("T04", "v1.2.2"), "- older");
  match(announced(found).description, /```[\s\S]*104 +\| @someone[\s\S]*```/);
  refuses(() => released("T04", "CHANGELOG.md", "1.2.4"), "UnreleasedMissing", { exitCode: 2 });
};

/** T05: parts at the level of versions. */
export const flatParts: Trial = async () => {
  const found = changes("T05", "v2.0.12") ?? "";
  for (const part of ["resets the testnet", "soft deadline", "ordered by fee"]) ok(found.includes(part), found);
  match(changes("T05", "v2.0.11") ?? "", /something older[\s\S]*a deadlock$/);
};

/** T06: two sections of one version. */
export const twoSections: Trial = async () => {
  const names = ["5", "11"];
  refuses(() => changes("T06", "v1.2.3"), "VersionTwice", { exitCode: 2, names });
  refuses(() => released("T06", "CHANGELOG.md", "1.2.4"), "VersionTwice", { exitCode: 2, names });
};

/** T07: what looks like a link definition. */
export const definitions: Trial = async () => {
  const found = changes("T07", "v1.2.3") ?? "";
  for (const words of [
    "do not start this version on a network of v1.1",
    "`smeshing-opts` is gone",
    "timeout_commit is 5 s",
  ])
    ok(found.includes(words), found);
  ok(found.includes("[the guide](https://example.org/guide)"), found);
  ok(found.includes("[104](https://example.org/node/pull/104)") || found.includes("#104"), found);
  doesNotMatch(found, /\]\[/);
};

/** T09: one line of 6,000 characters. */
export const longLine: Trial = async () => {
  const { description } = announced(changes("T09", "v1.2.3") ?? "");
  ok(description.length > 3900 && description.length <= 4096, `${description.length}`);
  match(description, /^### Highlights\nSentence 1 [\s\S]*\n\.\.\.\nhttps:\/\/github\.com\/\S+\/v1\.2\.3$/);
};

/** T10: line ends and encodings. */
export const encodings: Trial = async () => {
  const read = (file: string) => decoded(trialBytes("T10", file)).text;
  refuses(() => read("utf-16le-bom.md"), "ChangelogIsUtf16", { exitCode: 2 });
  refuses(() => read("cr-only.md"), "ChangelogLineEndsUnknown", { exitCode: 2 });
  refuses(() => read("latin-1.md"), "ChangelogNotUtf8", { exitCode: 2, names: ["Line 5"] });
  strictEqual(changesOf(read("mixed-eol.md"), "v1.2.3"), "- three");
  strictEqual(changesOf(read("bom-nbsp.md"), "v1.2.3"), undefined);
  strictEqual(changesOf(read("bom-nbsp.md"), "v1.2.2"), "- a tab after the hashes");
  strictEqual(changesOf(read("no-final-newline.md"), "v1.2.3"), "- the file ends here");
  const before = trialBytes("T10", "mixed-eol.md").toString("utf8");
  const after = released("T10", "mixed-eol.md", "1.2.4");
  ok(after.startsWith(before.slice(0, before.indexOf("\n\n- one"))), after);
  ok(after.includes("- one\r\n- two\n\n## 1"), JSON.stringify(after));
};

/** T12: the open section in other manners. */
export const openSections: Trial = async () => {
  const pending = released("T12", "pending-with-number.md", "1.15.1");
  match(pending, /## \[?v?1\.15\.1/);
  const dated = released("T12", "release-date.md", "0.20.0");
  match(dated, /<!-- next-header -->\n\n## \[Unreleased\] - ReleaseDate\n\n## \[0\.20\.0\] - 2026-11-29\n/);
  match(dated, /\[Unreleased\]: \S+v0\.20\.0\.\.\.HEAD\n\[0\.20\.0\]: \S+v0\.19\.5\.\.\.v0\.20\.0\n/);
  const refused: [file: string, version: string, code: string, names: string[]][] = [
    ["commented-out.md", "1.0.0", "UnreleasedMissing", []],
    ["two-unreleased.md", "1.3.0", "UnreleasedTwice", ["3", "11"]],
    ["nothing-new.md", "0.1.1", "UnreleasedEmpty", ["3"]],
    ["version-is-there.md", "1.3.0", "VersionExists", ["7"]],
    ["no-unreleased.md", "1.3.0", "UnreleasedMissing", []],
  ];
  for (const [file, version, code, names] of refused)
    refuses(() => released("T12", file, version), code, { exitCode: 2, names });
  const linked = released("T12", "link-into-unreleased.md", "1.3.0");
  ok(linked.includes("```\n## Unreleased\n```") && linked.includes("see `## Unreleased` of the guide"), linked);
  for (const [text, version] of [
    [pending, "1.15.1"],
    [dated, "0.20.0"],
    [linked, "1.3.0"],
  ] as const)
    refuses(() => releasedChangelog(Buffer.from(text), { version, date: "2026-11-30" }), "VersionExists", {
      exitCode: 2,
    });
};

/** T24: markup that Discord does not know. */
export const markup: Trial = async () => {
  const input = AnnouncementInput.parse(JSON.parse(trialInput("T24", "announcement.json")));
  const text = changesOf(`# Changelog\n\n## 1.2.3\n\n${input.changes}`, "v1.2.3") ?? "";
  const seen = announced(text, input.reason);
  deepStrictEqual(seen.mentions, []);
  doesNotMatch(seen.description, /<details>|<summary>|!\[plot\]|####|\.\/docs|\(#upgrade\)/);
  match(seen.description, /\*\*Small heading\*\*[\s\S]*\n\[plot\]\(https[\s\S]*- docs and up\n/);
  match(seen.fields.at(-1)?.value ?? "", /see \\\[here\\\]\(https:\/\/example\.org\/x\) \\\|\\\|quietly/);
  match(seen.description, /@here: restart \*\*now\*\*/);
  ok(seen.description.length <= 4096);
};
