/** GitHub's pages of a list: 30 entries unless told, and 100 at most. */
const USUAL = 30;
const MOST = 100;

/**
 * One page of a list, with GitHub's Link header when there are more.
 * @param most entries on a page
 */
export function pageOf<T>(
  all: readonly T[],
  query: Readonly<Record<string, string>>,
  url: URL,
  most = MOST,
): { readonly shown: readonly T[]; readonly link?: string } {
  const size = Math.min(Math.max(Number(query.per_page ?? USUAL), 1), most);
  const page = Math.max(Number(query.page ?? 1), 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const to = (number: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set("page", `${number}`);
    return `<${target}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, "prev"), to(1, "first")] : []),
    ...(page < last ? [to(page + 1, "next"), to(last, "last")] : []),
  ];
  return { shown: all.slice((page - 1) * size, page * size), link: links.join(", ") || undefined };
}
