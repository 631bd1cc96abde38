/**
 * Replaces `$(VAR)` by the variable's value. `$$` stands for one dollar, so `$$(VAR)` becomes `$(VAR)`. Unknown
 * variables
 * stay as they are (kubernetes third_party/forked/golang/expansion).
 */
export const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) => {
    if (name === undefined) return "$";
    return variables[name] ?? match;
  });

/** Characters that continue a path or word. */
const WORD = "A-Za-z0-9._\\-";

/**
 * Replaces mount paths by the real folders behind them, wherever a path begins in a text, e.g.
 * `--config=/etc/config/node.json`. Paths inside URLs and longer paths stay as they are.
 */
export function realPaths(text: string, mounts: Readonly<Record<string, string>>): string {
  const mountPaths = Object.keys(mounts).sort((a, b) => b.length - a.length);
  if (mountPaths.length === 0) return text;
  const anyOf = mountPaths.map((path) => path.replace(/\/+$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const path = new RegExp(`(?<![${WORD}/])(${anyOf})(?![${WORD}])`, "g");
  return text.replace(path, (found) => mounts[found] ?? mounts[`${found}/`] ?? found);
}
