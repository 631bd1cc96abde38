import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { assetArchive, fileAsset, type Properties, text, texts } from "../values";

/**
 * The files selected by the input `assetPaths`, by their path below the command's folder; undefined without the input.
 */
export const globAssets = (inputs: Properties): Promise<Properties | undefined> => assets(inputs, "assetPaths");

/** The files selected by the input `archivePaths`, as one archive; undefined without the input. */
export async function globArchive(inputs: Properties): Promise<Properties | undefined> {
  const files = await assets(inputs, "archivePaths");
  return files && assetArchive(files);
}

async function assets(inputs: Properties, name: "assetPaths" | "archivePaths"): Promise<Properties | undefined> {
  const globs = texts(inputs, name);
  if (!globs) return undefined;
  const folder = text(inputs, "dir") ?? process.cwd();
  const paths = selectPaths(await filesBelow(folder), globs);
  const entries = paths.map(async (path) => {
    const file = join(folder, path);
    const hash = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    return [path, fileAsset(file, hash)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** The paths that the globs select. The last matching glob decides, and a glob that starts with `!` excludes. */
export function selectPaths(paths: readonly string[], globs: readonly string[]): readonly string[] {
  const rules = globs.map((glob) => ({ include: !glob.startsWith("!"), pattern: globPattern(glob.replace(/^!/, "")) }));
  return paths.filter((path) => rules.findLast(({ pattern }) => pattern.test(path))?.include ?? false).sort();
}

/**
 * Converts a glob of the SDK's documentation: `*` and `?` stop at a slash, `**` does not, `[a-z]` and `{a,b}` choose.
 */
function globPattern(glob: string): RegExp {
  const tokens = glob.match(/\*\*|\[!?[^\]]+\]|[\s\S]/g) ?? [];
  let depth = 0;
  const parts = tokens.map((token) => {
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.length > 1) return token.replace(/^\[!/, "[^");
    if (token === "{") depth += 1;
    if (token === "{") return "(?:";
    if (token === "," && depth > 0) return "|";
    if (token === "}" && depth > 0) {
      depth -= 1;
      return ")";
    }
    return token.replace(/[.+^${}()|[\]\\]/, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
