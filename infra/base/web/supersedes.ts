import { type Html, html } from "./html";

/** A build that another one took the place of. */
interface Superseded {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  readonly why: string;
}

/** What a page says to programs about the build that it supersedes. The edge reads it for the page of that build. */
export const supersedesMeta = ({ tag, why }: Superseded): Html =>
  html`<meta name="supersedes" content="${tag} ${why}">\n`;

const META = /<meta name="supersedes" content="(?<tag>[^" ]+) (?<why>[^"]+)">/;

/** What {@link supersedesMeta} wrote into a page; undefined without it. */
export function supersededByPage(page: string): Superseded | undefined {
  const { tag, why } = META.exec(page)?.groups ?? {};
  return tag === undefined || why === undefined ? undefined : { tag, why: unescaped(why) };
}

/** A text as `html` escaped it. */
const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
