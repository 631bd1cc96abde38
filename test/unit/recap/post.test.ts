import { deepStrictEqual, strictEqual } from "node:assert";
import { parse } from "yaml";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { existingPost, frontMatterOf, postOf } from "../../../infra/recap/post";
import { webPage } from "../../../infra/recap/publish";

const tag = parseBuildTag("v1.2.3+1");
const subject = { tag, kind: "postmortem", title: 'Postmortem of v1.2.3+1: "all" #stood', date: "2026-11-29" } as const;

/** What a reader of YAML finds in front matter. */
const valuesIn = (frontMatter: string): unknown => parse(frontMatter.replaceAll(/^---\n/gm, ""));

describe("postOf", () => {
  it("names a post of Jekyll by its date, and quotes its front matter", () => {
    const post = postOf(subject, { blogFolder: "_posts", blogFormat: "jekyll" });
    strictEqual(`${post.folder}/${post.name}`, "_posts/2026-11-29-v1-2-3-1-postmortem.md");
    strictEqual(post.branch, "recap-v1.2.3-1");
    strictEqual(
      post.frontMatter,
      '---\nlayout: "post"\ntitle: "Postmortem of v1.2.3+1: \\"all\\" #stood"\ndate: "2026-11-29"\n' +
        'categories: ["postmortem"]\nrender_with_liquid: false\n---\n',
    );
    deepStrictEqual(post.plot, {
      path: "assets/images/v1-2-3-1-simmer.svg",
      url: "/assets/images/v1-2-3-1-simmer.svg",
    });
  });

  it("makes a page of Hugo a draft", () => {
    const post = postOf({ ...subject, kind: "recap" }, { blogFolder: "content/post", blogFormat: "hugo" });
    strictEqual(`${post.folder}/${post.name}`, "content/post/v1-2-3-1-recap.md");
    deepStrictEqual(valuesIn(post.frontMatter), { title: subject.title, date: "2026-11-29", draft: true });
    deepStrictEqual(post.plot, {
      path: "static/images/v1-2-3-1-simmer.svg",
      url: "/images/v1-2-3-1-simmer.svg",
    });
  });
});

describe("frontMatterOf", () => {
  it("has one line for each key, and reads back as what was given", () => {
    for (const title of [
      "",
      "a: b",
      "---",
      "- x",
      "'\"\\",
      "two\nlines",
      "#",
      "yes",
      "1",
      "é \u{1f600}",
      "x".repeat(300),
    ]) {
      const text = frontMatterOf({ title, categories: [title] });
      strictEqual(text.split("\n").length, 5, text);
      deepStrictEqual(valuesIn(text), { title, categories: [title] });
    }
  });
});

describe("existingPost", () => {
  it("finds the post of a network under any date, and of no other network", () => {
    const others = ["2026-11-29-v1-2-3-11-postmortem.md", "v11-2-3-1-recap.md", "v1-2-3-1-notes.md", "hello.md"];
    strictEqual(existingPost(others, tag), undefined);
    for (const name of ["2025-01-01-v1-2-3-1-postmortem.md", "v1-2-3-1-recap.md"])
      strictEqual(existingPost([...others, name], tag), name);
  });
});

describe("webPage", () => {
  it("knows where GitHub and GitLab show a file, and guesses nothing", () => {
    const page = (repository: string) => webPage(repository, "b", "_posts/x.md");
    for (const url of [
      "https://github.com/o/r.git",
      "git@github.com:o/r.git",
      "ssh://git@github.com/o/r",
      "https://github.com/o/r/",
    ])
      strictEqual(page(url), "https://github.com/o/r/blob/b/_posts/x.md", url);
    strictEqual(page("https://gitlab.com/g/s/r.git"), "https://gitlab.com/g/s/r/-/blob/b/_posts/x.md");
    for (const url of ["file:///srv/blog.git", "https://git.example/o/r.git", "/srv/blog.git", ""])
      strictEqual(page(url), undefined, url);
  });
});
