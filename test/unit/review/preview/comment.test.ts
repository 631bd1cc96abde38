import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { marked, type Token } from "marked";
import { bodyWith, markerOf } from "../../../../infra/review/post/marker";
import { renderCheck, renderComment } from "../../../../infra/review/preview/comment";
import { OPERATIONS, type PreviewReport, type ResourceChange } from "../../../../infra/review/preview/model";
import { plainPreview } from "../../../../infra/review/preview/plain";
import {
  changed,
  networkStep,
  newChannel,
  newExplorer,
  newHost,
  newTtl,
  previewed,
  record,
  report,
  rerun,
  resource,
  stepOf,
  unknown,
} from "../../../support/preview-reports";

const MARKER = markerOf("test");
const COMMIT = "c0ffee".padEnd(40, "0");
const rendered = (of: PreviewReport, short = false) =>
  bodyWith(MARKER, COMMIT, renderComment(of, { agreed: false, short }));

/** Texts that try to get out, as public reports had them. */
const HOSTILE = [
  "a value with ``` and ```` in it\n````\nand a line of them",
  "</details></summary><!-- smeshnet preview -->",
  "\u{1f680}层".repeat(400),
  "\u202egnp.exe\u0000\u2066",
  "@everyone fixes #1, closes spacemeshos/go-spacemesh#2 and GH-3",
  "https://github.com/o/r/issues/4 www.example.org [x](javascript:1) ![y](http://z)",
  "a ` @everyone `` <b> ` #1",
  "a | b \\| c\n|--|--|",
  "> - # * _ ~ <b>&amp;</b> \\",
  "",
];

const foreign = () =>
  fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.string({ unit: "binary", maxLength: 400 }),
  );

const change = () =>
  fc.record(
    {
      path: foreign(),
      kind: fc.constantFrom("add" as const, "change" as const, "remove" as const),
      replaces: fc.boolean(),
      before: foreign(),
      after: foreign(),
    },
    { requiredKeys: ["path", "kind", "replaces"] },
  );

const anyResource = (): fc.Arbitrary<ResourceChange> =>
  fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...OPERATIONS),
        fc.constantFrom("Network", "Explorer", "Dns", "ChannelDns", "", "Branch"),
        foreign(),
        fc.array(change(), { maxLength: 9 }),
      )
      .map(([operation, inside, name, changes]) => resource(operation, inside, `a:b:${name}`, name, changes)),
    fc.constantFrom(networkStep("replace"), networkStep("update"), ...newChannel(), ...newTtl(), ...newHost()),
  );

const anyStack = () =>
  fc.oneof(
    fc
      .tuple(
        foreign(),
        fc.array(anyResource(), { maxLength: 12 }),
        fc.array(fc.record({ policy: foreign(), message: foreign(), mandatory: fc.boolean() }), { maxLength: 3 }),
      )
      .map(([what, resources, violations]) => previewed(what, resources, violations)),
    fc
      .tuple(foreign(), fc.constantFrom("failed" as const, "unseen" as const, "absent" as const), foreign())
      .map(([what, kind, reason]) => unknown(what, kind, reason)),
  );

const anyReport = () =>
  fc
    .record({
      stacks: fc.array(anyStack(), { maxLength: 30 }),
      unseen: fc.array(foreign(), { maxLength: 4 }),
      moves: fc.array(fc.record({ channel: foreign(), release: foreign(), tag: foreign() }), { maxLength: 2 }),
      channels: fc.array(fc.record({ name: foreign(), toRetire: fc.array(foreign(), { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    })
    .map(({ stacks, ...more }) => report(stacks, more));

/** All tokens of a text, at any depth. */
function tokensOf(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const cells =
      token.type === "table" ? [...token.header, ...token.rows.flat()].flatMap(({ tokens: inner }) => inner) : [];
    const items = token.type === "list" ? token.items : [];
    return [token, ...tokensOf([...("tokens" in token && token.tokens ? token.tokens : []), ...cells, ...items])];
  });
}

const OWN_HTML =
  /^(<!-- smeshnet preview test -->|<!-- commit [0-9a-f]{40} -->|<\/details>|<details><summary><code>[^<>]*<\/code>: [a-z0-9 ,]+<\/summary>)$/;

/** What is wrong with a comment; nothing when all is well. */
function faultsIn(text: string): string[] {
  const tokens = tokensOf(marked.lexer(text));
  const html = tokens
    .filter(({ type }) => type === "html")
    .flatMap(({ raw }) => raw.split("\n"))
    .filter((line) => line.trim() !== "");
  const prose = tokens
    .filter((token) => token.type === "text" && !("tokens" in token && token.tokens))
    .map(({ raw }) => raw);
  return [
    ...(text.startsWith(`${MARKER}\n`) && text.split(MARKER).length === 2 ? [] : ["the marker"]),
    ...(text.trimEnd().split(/\r\n|\r|\n/).length <= 80 ? [] : ["its lines"]),
    ...(Buffer.byteLength(text) <= 65_536 ? [] : ["its bytes"]),
    ...html.filter((line) => !OWN_HTML.test(line)).map((line) => `HTML ${line}`),
    ...prose
      .filter((words) => /@|#|https?:|www\.|GH-\d/.test(words.replace(/^\[!.*/, "")))
      .map((words) => `prose ${words}`),
    ...tokens.filter(({ type }) => ["link", "image", "escape"].includes(type)).map(({ raw }) => `link ${raw}`),
    ...(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll("\n", "")) ? ["hidden characters"] : []),
  ];
}

const SAMPLES: Readonly<Record<string, PreviewReport>> = {
  "preview-channel": report([
    previewed("edge", newHost()),
    previewed("testnet"),
    unknown("stagenet", "absent", "stagenet points to no network yet"),
    previewed("v1.2.3+1", newChannel()),
    previewed("v1.2.2+1", newChannel()),
  ]),
  "preview-version": report([
    previewed("edge"),
    previewed("testnet"),
    previewed("v1.2.3+1", rerun()),
    previewed("v1.2.2+1", rerun()),
  ]),
  "preview-trouble": report(
    [
      unknown("edge", "unseen", "No credentials of Cloudflare."),
      previewed(
        "v1.2.3+1",
        [networkStep("replace", [changed("triggers[0]", "a", "b", true)]), record("delete", "a.net.spacemesh.io")],
        [{ policy: "image-with-tag", message: "The image has no tag.", mandatory: true, resource: "explorer-api" }],
      ),
      unknown("v1.2.2+1", "failed", "Error: Cannot find module './nothing'\n  at stacks/version.ts:1"),
    ],
    { unseen: ["The certificates: no rights to read the store."] },
  ),
};

describe("renderComment", () => {
  for (const [name, sample] of Object.entries(SAMPLES)) {
    it(`is test/golden/${name}.md (UPDATE_GOLDEN=1 npx mocha test/unit/review/preview/comment.test.ts rewrites it)`, () => {
      const file = join(__dirname, "../../../golden", `${name}.md`);
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, rendered(sample));
      strictEqual(rendered(sample), readFileSync(file, "utf8"));
      deepStrictEqual(faultsIn(rendered(sample)), []);
    });
  }

  it("keeps its form, its limits and its marker whatever the report holds", function () {
    this.timeout(30_000);
    fc.assert(
      fc.property(anyReport(), fc.boolean(), (any, short) => deepStrictEqual(faultsIn(rendered(any, short)), [])),
      { numRuns: 40 },
    );
  });

  it("keeps its limits with hundreds of stacks that have long names and all dangers", () => {
    const stacks = Array.from({ length: 200 }, (_, i) => {
      const what = `v${"层".repeat(100)}${i}`;
      const violation = { policy: what, message: what, mandatory: true };
      const store = stepOf("update", "History", "history", [changed("environment.ARCHIVE", "a", "b")]);
      const some = [networkStep("replace"), record("delete", what), stepOf("delete", "LogArchive", "log-archive")];
      return previewed(what, i % 2 ? some : [networkStep("delete"), record("replace", what), store], [violation]);
    });
    const networks = stacks.map(({ what }) => ({ tag: what, stage: "complete" as const, channels: [what, "testnet"] }));
    for (const short of [false, true]) deepStrictEqual(faultsIn(rendered(report(stacks, { networks }), short)), []);
  });

  it("gives the same bytes for the same report", () =>
    fc.assert(
      fc.property(anyReport(), (any) => strictEqual(rendered(structuredClone(any)), rendered(any))),
      { numRuns: 10 },
    ));

  it("cuts at whole changes, losses last, and says how many are left out", () => {
    const stacks = Array.from({ length: 20 }, (_, i) => previewed(`v1.0.${i}+1`, [...newTtl(), ...newExplorer()]));
    const losses = [
      ...stacks,
      previewed("v1.1.0+1", [...newTtl(), networkStep("replace", [changed("x", "1", "2", true)])]),
    ];
    const text = rendered(report(losses));
    ok(text.includes("@@ replace network (step) @@\n! x (replaces it): 1 -> 2\n"), text);
    const left = Number(/^(\d+) more changes in \d+ stacks: run `smeshnet preview`\.$/m.exec(text)?.[1]);
    strictEqual((text.match(/^@@ /gm) ?? []).length + left, 20 * 5 + 4);
    deepStrictEqual(faultsIn(text), []);
  });

  it("shows dangers before effects, effects before counts, counts before diffs", () => {
    const text = rendered(report([previewed("v1.2.2+1", newExplorer())]));
    const order = ["**Dangers**", "**Effect on the release cycle**", "| Stack |", "<details>"].map((part) =>
      text.indexOf(part),
    );
    deepStrictEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    ok(!order.includes(-1));
  });

  it("is much shorter for a forge that refuses it, and still tells dangers, effects and counts", () => {
    const sample = report(Array.from({ length: 20 }, (_, i) => previewed(`v1.0.${i}+1`, newTtl())));
    const text = rendered(sample, true);
    ok(text.length < rendered(sample).length / 2 && text.split("\n").length < 20, text);
    ok(text.includes("3 DNS names change") && text.includes("20 stacks: 60 to update, 740 same."), text);
  });

  it("hides the credentials in an error", () =>
    ok(!rendered(report([unknown("edge", "failed", "fetch https://me:token@host failed")])).includes("token")));
});

describe("renderCheck", () => {
  it("gives a check run its conclusion, a title of one line and a summary", () =>
    fc.assert(
      fc.property(anyReport(), fc.boolean(), (any, agreed) => {
        const { title, summary } = renderCheck(any, agreed);
        ok(title.length <= 255 && !title.includes("\n"), title);
        ok(summary.length <= 65_535 && !summary.includes(MARKER));
      }),
      { numRuns: 20 },
    ));

  it("fails with a danger until somebody agrees", () => {
    const sample = report([previewed("v1.2.3+1", newTtl())]);
    deepStrictEqual(
      [renderCheck(sample, false).conclusion, renderCheck(sample, true).conclusion],
      ["failure", "success"],
    );
  });
});

describe("plainPreview", () => {
  it("tells a terminal all of it, without Markdown", () =>
    deepStrictEqual(
      plainPreview(
        report([
          previewed("edge"),
          previewed("v1.2.2+1", newExplorer().slice(1)),
          unknown("v1.2.1+1", "failed", "an\nerror"),
        ]),
        false,
      ),
      [
        "1 of 3 stacks could not be previewed, 1 danger",
        "",
        "fails:",
        "  v1.2.1+1: The preview failed: an error",
        "",
        "dangers:",
        "  v1.2.2+1: testnet points to it, and 1 of its resources changes.",
        "",
        "effect on the release cycle:",
        "  leaves open what happens to v1.2.1+1: the preview failed",
        "  keeps v1.2.2+1, certified, and updates its explorer",
        "",
        "STACK     CREATE  UPDATE  REPLACE  DELETE  MAY CHANGE  SAME",
        "edge      -       -       -        -       -           40",
        "v1.2.2+1  -       1       -        -       -           39",
        "v1.2.1+1  failed",
        "",
        "v1.2.2+1:",
        "  @@ update explorer-api (Deployment) @@",
        "  ! spec.template.spec.containers[0].image: spacemeshos/explorer-api:v0.0.21 -> spacemeshos/explorer-api:v0.0.22",
      ],
    ));

  it("shows no control character and no credential", () =>
    fc.assert(
      fc.property(anyReport(), (any) => {
        for (const line of plainPreview(any, false)) ok(!/[\p{Cc}\u202a-\u202e]/u.test(line), line);
      }),
      { numRuns: 20 },
    ));
});
