/**
 * Replaces `$(VAR)` by the variable's value. `$$` stands for one dollar, so `$$(VAR)` becomes `$(VAR)`; what names no
 * known variable stays as it is (kubernetes third_party/forked/golang/expansion). Pure.
 */
export const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) => {
    if (name === undefined) return "$";
    return variables[name] ?? match;
  });

/** A character that may be part of the same path or word as the one beside it. */
const WORD = "A-Za-z0-9._\\-";

/**
 * Replaces paths below mount points by the real folders behind them, wherever they begin in a text, as in
 * `--config=/etc/config/node.json`. Paths inside URLs and longer paths are not mount points and stay. Pure.
 */
export function realPaths(text: string, mounts: Readonly<Record<string, string>>): string {
  const mountPaths = Object.keys(mounts).sort((a, b) => b.length - a.length);
  if (mountPaths.length === 0) return text;
  const anyOf = mountPaths.map((path) => path.replace(/\/+$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const path = new RegExp(`(?<![${WORD}/])(${anyOf})(?![${WORD}])`, "g");
  return text.replace(path, (found) => mounts[found] ?? mounts[`${found}/`] ?? found);
}
