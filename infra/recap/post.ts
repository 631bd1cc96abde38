import { Document, isCollection } from "yaml";
import { type BuildTag, buildTag, hostLabel } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import type { RecapKind } from "./document";

/** What a post is about. */
export interface PostSubject {
  readonly tag: BuildTag;
  readonly kind: RecapKind;
  readonly title: string;
  /** The day that the post bears, `2026-11-29`. */
  readonly date: string;
}

/** Where a post belongs in the blog's repository, and how it begins. */
export interface Post {
  /** `recap-v1.2.3-1`. */
  readonly branch: string;
  /** Folder of posts. */
  readonly folder: string;
  /** File name in the folder. */
  readonly name: string;
  /** With its delimiters, one line for each key. */
  readonly frontMatter: string;
  /** Where the plot belongs in the repository, and its address in the blog. */
  readonly plot: { readonly path: string; readonly url: string };
}

type Blog = Pick<Settings, "blogFolder" | "blogFormat">;

/**
 * The post of a recap in the form of a blog. Jekyll takes the date of a post from its file name
 * (jekyllrb.com/docs/posts). Hugo leaves out a page with `draft: true` (gohugo.io/content-management/front-matter).
 * Neither serves a picture that lies beside a post, so the plot goes where each keeps static files.
 */
export function postOf({ tag, kind, title, date }: PostSubject, { blogFolder: folder, blogFormat }: Blog): Post {
  const branch = `recap-${buildTag(tag).replace("+", "-")}`;
  const stem = `${hostLabel(tag)}-${kind}`;
  const picture = `${hostLabel(tag)}-simmer.svg`;
  if (blogFormat === "hugo") {
    const plot = { path: `static/images/${picture}`, url: `/images/${picture}` };
    return { branch, folder, name: `${stem}.md`, frontMatter: frontMatterOf({ title, date, draft: true }), plot };
  }
  // Lines of logs may hold the braces of Liquid, which Jekyll 4 leaves alone with `render_with_liquid: false`.
  const values = { layout: "post", title, date, categories: [kind], render_with_liquid: false };
  const plot = { path: `assets/images/${picture}`, url: `/assets/images/${picture}` };
  return { branch, folder, name: `${date}-${stem}.md`, frontMatter: frontMatterOf(values), plot };
}

/**
 * The file of a network's post among the files of its folder; undefined when there is none. Its date or kind may have
 * changed since it was written, by a person too.
 */
export function existingPost(names: readonly string[], tag: BuildTag): string | undefined {
  const form = new RegExp(`^(\\d{4}-\\d{2}-\\d{2}-)?${hostLabel(tag)}-(postmortem|recap)\\.md$`);
  return names.filter((name) => form.test(name)).sort()[0];
}

/** Front matter as YAML, one line for each key. */
export function frontMatterOf(values: Readonly<Record<string, unknown>>): string {
  const document = new Document(values);
  for (const key of Object.keys(values)) {
    const node = document.get(key, true);
    if (isCollection(node)) node.flow = true;
  }
  const form = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 } as const;
  return `---\n${document.toString({ ...form, flowCollectionPadding: false })}---\n`;
}
