import type { GithubState, Pull } from "./state";

/** A pull request for people: its comments as GitHub would show them, and the verdicts of its newest commit. */
export async function pullPage(pull: Pull, { comments, checks, statuses }: GithubState): Promise<string> {
  const { marked } = await import("marked");
  const ours = comments.filter(({ repository, issue }) => repository === pull.repository && issue === pull.number);
  const verdicts = [
    ...checks.filter(isOf(pull)).map(({ name, sent }) => `${name}: ${String(sent.conclusion ?? sent.status)}`),
    ...statuses.filter(isOf(pull)).map(({ sent }) => `${String(sent.context)}: ${String(sent.state)}`),
  ];
  const boxes = ours.map(
    ({ id, author, body }) =>
      `<section id="issuecomment-${id}"><h2>${escaped(author)}</h2>${marked.parse(body, { async: false })}</section>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>${escaped(pull.title)}</title>
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
section{border:1px solid #ccc;border-radius:6px;margin:1rem 0;padding:0 1rem}h2{font-size:1rem}
pre{background:#f6f8fa;padding:1rem;overflow:auto}td,th{border:1px solid #ccc;padding:.2rem .6rem}
table{border-collapse:collapse}</style>
<h1>${escaped(pull.title)} #${pull.number}</h1>
<p>${pull.state}${pull.draft ? ", draft" : ""}${pull.locked ? ", locked" : ""}, ${escaped(pull.head.sha)}</p>
<ul>${verdicts.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>
${boxes.join("\n")}
`;
}

const isOf =
  ({ repository, head }: Pull) =>
  (one: { readonly repository: string; readonly sha: string }): boolean =>
    one.repository === repository && one.sha === head.sha;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
