import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { draftRecap } from "../../../infra/recap/draft";
import type { Merged } from "../../../infra/recap/own-parts";
import { postOf } from "../../../infra/recap/post";
import { type Publication, publishPost } from "../../../infra/recap/publish";
import { BareRepository } from "../../support/bare-repository";
import { refusesLater } from "../../support/errors";
import { recapWorld } from "../../support/recap-world";

const TAG = parseBuildTag("v1.2.3+1");
const subject = { tag: TAG, kind: "postmortem", title: "Postmortem of v1.2.3+1", date: "2026-11-29" } as const;
const POST = postOf(subject, { blogFolder: "_posts", blogFormat: "jekyll" });
const BRANCH = "recap-v1.2.3-1";
const PATH = "_posts/2026-11-29-v1-2-3-1-postmortem.md";
const PLOT = "assets/images/v1-2-3-1-simmer.svg";

/** Our part is the line that begins with `ours:`, and all else is a person's. */
const merging =
  (own: string) =>
  (existing = `${POST.frontMatter}\nours: \n\n## Cause\n`): Merged => ({
    text: existing.replace(/^ours:.*$/m, `ours: ${own}`),
    kept: [],
  });

const publication = (own: string, more: Partial<Publication> = {}): Publication => ({
  tag: TAG,
  post: POST,
  message: "Postmortem of v1.2.3+1",
  merge: merging(own),
  plot: "<svg/>",
  ...more,
});

describe("the draft of a failed network", function () {
  this.timeout(20_000);

  let blog: BareRepository;
  beforeEach(() => {
    blog = new BareRepository();
    blog.commit("main", "_posts/2026-01-01-hello.md", "hello\n");
  });
  afterEach(() => blog.remove());

  it("is renewed in the blog around what a person wrote", async () => {
    const { world, values, link } = recapWorld({ blogRepository: blog.url });
    const path = "_posts/2026-11-25-v1-2-3-1-postmortem.md";
    await draftRecap(TAG, world, runWith());
    const first = blog.text(BRANCH, path);
    match(first, /^---\nlayout: "post"\n/);
    const hint = "*To be written by a person: which change or circumstance led to it, and how that is known.*";
    strictEqual(first.split(hint).length, 2);
    blog.commit(BRANCH, path, first.replace(hint, "A full disk."));

    for (const [key, value] of values) values.set(key, value.replace("stalled for 30 layers", "stalled for 31 layers"));
    await draftRecap(TAG, world, runWith());
    const second = blog.text(BRANCH, path);
    match(second, /stalled for 31 layers/);
    doesNotMatch(second, /stalled for 30 layers/);
    match(second, /## What caused it\n\nA full disk\.\n/);
    const commits = blog.git("rev-list", "--count", BRANCH);

    await draftRecap(TAG, world, runWith());
    strictEqual(blog.git("rev-list", "--count", BRANCH), commits);
    const key = "recap/v1.2.3+1/20261122T074000000Z/2.md";
    deepStrictEqual(link(), { schema: 1, kind: "postmortem", url: `file:///archive/${key}` });
  });
});

describe("publishing a recap", function () {
  this.timeout(20_000);

  let blog: BareRepository;
  let temporary: string;
  const before = { TMPDIR: process.env.TMPDIR };
  beforeEach(() => {
    blog = new BareRepository();
    blog.commit("main", "_posts/2026-01-01-hello.md", "hello\n");
    temporary = mkdtempSync(join(tmpdir(), "publish-"));
    process.env.TMPDIR = temporary;
  });
  afterEach(() => {
    if (before.TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before.TMPDIR;
    deepStrictEqual(readdirSync(temporary), [], "a temporary folder stayed");
    rmSync(temporary, { recursive: true });
    if (existsSync(blog.url.slice("file://".length))) blog.remove();
  });

  it("begins a branch at the default branch, with the document and its plot", async () => {
    const { patch, ...published } = await publishPost(blog.url, publication("stalled at layer 7"));
    deepStrictEqual(published, { path: PATH, branch: BRANCH, kept: [] });
    match(patch, /^\+ours: stalled at layer 7$/m);
    deepStrictEqual(blog.files(BRANCH), ["_posts/2026-01-01-hello.md", PATH, PLOT]);
    strictEqual(blog.git("rev-parse", `${BRANCH}^`), blog.git("rev-parse", "main"));
    strictEqual(blog.git("log", "-1", "--format=%s", BRANCH), "Postmortem of v1.2.3+1");
    deepStrictEqual(blog.files("main"), ["_posts/2026-01-01-hello.md"]);
  });

  it("renews our parts, and a person's edit survives", async () => {
    await publishPost(blog.url, publication("one"));
    blog.commit(BRANCH, PATH, `${blog.text(BRANCH, PATH)}The disk was full.\n`);
    await publishPost(blog.url, publication("two"));
    match(blog.text(BRANCH, PATH), /^ours: two\n\n## Cause\nThe disk was full\.\n$/m);
    strictEqual(blog.git("rev-list", "--count", BRANCH), "4");
  });

  it("commits nothing when nothing changed", async () => {
    await publishPost(blog.url, publication("one"));
    const commit = blog.git("rev-parse", BRANCH);
    deepStrictEqual(await publishPost(blog.url, publication("one")), {
      path: PATH,
      branch: BRANCH,
      patch: "",
      kept: [],
    });
    strictEqual(blog.git("rev-parse", BRANCH), commit);
  });

  it("finds the document under another date and on the default branch, once the branch is merged", async () => {
    await publishPost(blog.url, publication("one"));
    const moved = "_posts/2026-12-01-v1-2-3-1-postmortem.md";
    blog.commit("main", moved, blog.text(BRANCH, PATH));
    blog.commit("main", PLOT, "<svg/>");
    blog.git("branch", "-D", BRANCH);
    const { path, branch } = await publishPost(blog.url, publication("one"));
    deepStrictEqual([path, branch, blog.branches()], [moved, "HEAD", ["main"]]);
    strictEqual((await publishPost(blog.url, publication("two"))).path, moved);
    deepStrictEqual(
      blog.files(BRANCH).filter((file) => file.endsWith("postmortem.md")),
      [moved],
    );
  });

  it("begins in an empty repository too", async () => {
    blog.git("update-ref", "-d", "refs/heads/main");
    await publishPost(blog.url, publication("one"));
    deepStrictEqual(blog.files(BRANCH), [PATH, PLOT]);
  });

  it("shows what it would push, and pushes nothing, in a dry run", async () => {
    const { patch } = await publishPost(blog.url, publication("one"), true);
    match(patch, /^\+\+\+ b\/_posts\/2026-11-29-v1-2-3-1-postmortem\.md$/m);
    deepStrictEqual(blog.branches(), ["main"]);
  });

  it("commits as smeshnet where git's configuration names nobody", async () => {
    const names = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] as const;
    const kept = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = "/dev/null";
    try {
      await publishPost(blog.url, publication("one"));
    } finally {
      for (const [i, name] of names.entries()) {
        if (kept[i] === undefined) delete process.env[name];
        else process.env[name] = kept[i];
      }
    }
    strictEqual(blog.git("log", "-1", "--format=%an %cn", BRANCH), "smeshnet smeshnet");
  });

  it("reads again what somebody pushed at the same moment, and keeps it", async () => {
    await publishPost(blog.url, publication("one"));
    blog.commit("person", PATH, `${blog.text(BRANCH, PATH)}A person's words.\n`);
    blog.onPush('test -e raced || { touch raced; git update-ref "$1" refs/heads/person; }');
    await publishPost(blog.url, publication("two"));
    match(blog.text(BRANCH, PATH), /^ours: two\n\n## Cause\nA person's words\.\n$/m);
  });

  it("gives up with one line when somebody else is always faster", async () => {
    await publishPost(blog.url, publication("one"));
    blog.onPush('git update-ref "$1" "$(git commit-tree -p "$1" -m race "$1^{tree}")"');
    await refusesLater(publishPost(blog.url, publication("two")), "RecapContested", { names: [BRANCH] });
    strictEqual(
      blog
        .git("log", "--format=%s", BRANCH)
        .split("\n")
        .filter((line) => line === "race").length,
      3,
    );
  });

  it("does not try again when the repository refuses, and passes on its words", async () => {
    blog.onPush("echo x >> tries; echo drafts are closed >&2; exit 1");
    await refusesLater(publishPost(blog.url, publication("one")), "GitFailed", { names: ["drafts are closed"] });
    deepStrictEqual(blog.branches(), ["main"]);
  });

  it("says in one line that there is no access, without the credentials of git's configuration", async () => {
    const variables = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "url.http://robot:t0ken@127.0.0.1:1/.insteadOf",
      GIT_CONFIG_VALUE_0: "https://blog.example/",
    };
    Object.assign(process.env, variables);
    try {
      const failed = publishPost("https://blog.example/blog.git", publication("one"));
      await refusesLater(failed, "GitFailed", { names: ["https://blog.example/blog.git"] });
      await failed.catch((error: Error) => doesNotMatch(error.message, /t0ken/));
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
  });
});
