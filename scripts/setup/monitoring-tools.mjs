/** @import { Download, Tool } from "./catalogue.mjs" */

const PROMETHEUS = "3.13.5";

/** The last release whose Go module holds the pages that the program embeds. */
const ALERTMANAGER = "0.31.1";

/**
 * The programs that watch a network, which tests ask about its rules. The release of Prometheus contains promtool too.
 *
 * @param {string} goArch value of GOARCH
 * @returns {readonly Tool[]}
 */
export function monitoringTools(goArch) {
  return [
    {
      ...prometheus("prometheus", 28),
      tests: true,
      download: release("prometheus", PROMETHEUS, goArch, ["prometheus", "promtool"]),
    },
    { ...prometheus("promtool", 11), tests: true, beside: "prometheus" },
    {
      name: "alertmanager",
      tests: true,
      version: ALERTMANAGER,
      place: "bin",
      ask: ["--version"],
      download: release("alertmanager", ALERTMANAGER, goArch, ["alertmanager"]),
      build: {
        module: "monitoring",
        package: "github.com/prometheus/alertmanager/cmd/alertmanager",
        ldflags: `-X github.com/prometheus/common/version.Version=${ALERTMANAGER}`,
        seconds: 7,
      },
    },
  ];
}

/**
 * A program of Prometheus without the clouds that it can ask for targets. We write our targets down.
 *
 * @param {string} name
 * @param {number} seconds
 * @returns {Tool}
 */
function prometheus(name, seconds) {
  return {
    name,
    version: PROMETHEUS,
    place: "bin",
    ask: ["--version"],
    build: {
      module: "monitoring",
      package: `github.com/prometheus/prometheus/cmd/${name}`,
      ldflags: `-X github.com/prometheus/common/version.Version=${PROMETHEUS}`,
      tags: ["remove_all_sd"],
      seconds,
    },
  };
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} goArch
 * @param {readonly string[]} files
 * @returns {Download}
 */
function release(name, version, goArch, files) {
  const folder = `https://github.com/prometheus/${name}/releases/download/v${version}`;
  return {
    url: `${folder}/${name}-${version}.linux-${goArch}.tar.gz`,
    checksums: `${folder}/sha256sums.txt`,
    files,
  };
}
