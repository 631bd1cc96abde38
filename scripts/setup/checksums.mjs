/**
 * A checksum that a publisher states.
 * @typedef {object} Checksum
 * @property {"sha256" | "sha512"} algorithm
 * @property {string} hex
 */

/**
 * Finds a file's checksum in what its publisher has put beside it, in any of the forms the publishers use: the bare
 * digest, lines of `digest  name` as by sha256sum, or the answer of GitHub's API about a release, which states a digest
 * for each file (docs.github.com, "Get a release by tag name"). SHA-1 is not taken: it proves nothing any more.
 * @param {string} text
 * @param {string} file its name
 * @returns {Checksum | undefined}
 */
export function publishedChecksum(text, file) {
  const digest = text.trimStart().startsWith("{") ? releaseDigest(text, file) : listedDigest(text, file);
  if (digest === undefined) return undefined;
  const algorithms = /** @type {const} */ ({ 64: "sha256", 128: "sha512" });
  const algorithm = algorithms[/** @type {64 | 128} */ (digest.length)];
  return algorithm && { algorithm, hex: digest.toLowerCase() };
}

/**
 * @param {string} text
 * @param {string} file
 */
function releaseDigest(text, file) {
  /** @type {{ assets?: { name: string, digest?: string | null }[] }} */
  const release = JSON.parse(text);
  const asset = release.assets?.find(({ name }) => name === file);
  return /^sha(?:256|512):([0-9a-f]+)$/.exec(asset?.digest ?? "")?.[1];
}

/**
 * @param {string} text
 * @param {string} file
 */
function listedDigest(text, file) {
  for (const line of text.split("\n")) {
    const [, digest, name] = /^([0-9a-fA-F]+)(?:\s+\*?(?:\.\/)?(\S+))?\s*$/.exec(line) ?? [];
    if (digest !== undefined && (name === undefined || name === file)) return digest;
  }
  return undefined;
}
