/**
 * The first dotted version in a program's text, without a leading v.
 *
 * @param {string} text for example "etcd Version: 3.6.8", "go version go1.26.8 linux/amd64", "v20.19.1"
 * @returns {string | undefined} for example "3.6.8"; undefined when the text contains no version
 */
export function versionIn(text) {
  return /(?:^|[^\d.])(\d+\.\d+(?:\.\d+)?(?:-[0-9A-Za-z.-]+)?)/.exec(text)?.[1];
}

/**
 * Whether a version is at least another one, by major and minor number.
 *
 * @param {string} version for example "20.19.1"
 * @param {string} floor for example "20.19"
 */
export function atLeast(version, floor) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [floorMajor = 0, floorMinor = 0] = floor.split(".").map(Number);
  return major > floorMajor || (major === floorMajor && minor >= floorMinor);
}
