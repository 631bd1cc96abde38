import { monitoringTools } from "./monitoring-tools.mjs";

/**
 * A release of the tool's publisher.
 *
 * @typedef {object} Download
 * @property {string} url       a gzipped tar archive when it ends in .tar.gz, else the executable itself
 * @property {string} checksums URL of the publisher's SHA-256 or SHA-512 sum
 * @property {readonly string[]} files base names of the files to take from the archive; empty means all
 */

/**
 * A build of the tool from a pinned Go module. The tools of one module are built together: where their dependencies
 * have one version, the compiler makes them once.
 *
 * @typedef {object} Build
 * @property {string} module    folder below sandbox/toolchain; "." is the module that most tools share
 * @property {string} package   Go package of the executable
 * @property {readonly string[]} [sources] folders of the module with code of ours, besides the module's own folder
 * @property {string} ldflags   additional flags of the linker
 * @property {readonly string[]} [tags] build tags; all builds of a module get them
 * @property {number} seconds   what it adds to the build of its module, on two cores with an empty Go cache
 * @property {Embed} [embed]    files that the build takes from a module instead of its own folder
 */

/**
 * @typedef {object} Embed
 * @property {string} module   path of the Go module with the files
 * @property {string} folder   folder of the files in the module
 * @property {readonly string[]} files names of the files
 */

/**
 * @typedef {object} Tool
 * @property {string} name      name of the executable, also for --only
 * @property {string} version   without a leading v
 * @property {"bin" | "plugin"} place a command, or a resource plugin of Pulumi
 * @property {readonly string[]} [ask] arguments that print its version; a tool without them is never taken from PATH
 * @property {string} [beside]  the tool whose official release contains this one
 * @property {Download} [download] absent when no official binary has a checksum
 * @property {Build} [build]
 * @property {string} [standIn] source of our stand-in, relative to the checkout
 * @property {true} [tests]     only tests need it
 */

const ENGINE = "3.250.0";
const KUBERNETES = "1.36.3";
const ETCD = "3.6.8";
const KWOK = "0.8.0";
const CADDY = "2.11.9";
const POET = "0.10.10";
const VERSITYGW = "1.8.0";
const COSIGN = "3.1.3";
const ACTIONLINT = "1.7.12";
const PEBBLE = "2.10.3";

/** Linker flags that set the version of a Kubernetes program, as in hack/lib/version.sh of Kubernetes. */
const KUBERNETES_LDFLAGS = [
  `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES}`,
  `-X k8s.io/component-base/version.gitMajor=${KUBERNETES.split(".")[0]}`,
  `-X k8s.io/component-base/version.gitMinor=${KUBERNETES.split(".")[1]}`,
].join(" ");

/**
 * All tools in the order of their set-up: the tools for a sandbox's first steps come first.
 *
 * @param {string} arch value of process.arch
 * @returns {readonly Tool[]}
 */
export function catalogue(arch) {
  const goArch = arch === "x64" ? "amd64" : arch;
  return [
    {
      name: "pulumi",
      version: ENGINE,
      place: "bin",
      ask: ["version"],
      download: {
        url: `https://get.pulumi.com/releases/sdk/pulumi-v${ENGINE}-linux-${arch}.tar.gz`,
        checksums: `https://github.com/pulumi/pulumi/releases/download/v${ENGINE}/pulumi-${ENGINE}-checksums.txt`,
        files: ["pulumi", "pulumi-language-nodejs"],
      },
      build: {
        module: ".",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE}`,
        seconds: 150,
      },
    },
    {
      name: "pulumi-language-nodejs",
      version: ENGINE,
      place: "bin",
      beside: "pulumi",
      build: { module: ".", package: "./langhost", sources: ["langhost"], ldflags: "", seconds: 5 },
    },
    {
      name: "kwokctl",
      version: KWOK,
      place: "bin",
      ask: ["--version"],
      build: {
        module: ".",
        package: "sigs.k8s.io/kwok/cmd/kwokctl",
        ldflags: `-X sigs.k8s.io/kwok/pkg/consts.Version=v${KWOK}`,
        seconds: 25,
      },
    },
    {
      name: "etcd",
      version: ETCD,
      place: "bin",
      ask: ["--version"],
      download: {
        url: `https://github.com/etcd-io/etcd/releases/download/v${ETCD}/etcd-v${ETCD}-linux-${goArch}.tar.gz`,
        checksums: `https://github.com/etcd-io/etcd/releases/download/v${ETCD}/SHA256SUMS`,
        files: ["etcd"],
      },
      build: { module: ".", package: "go.etcd.io/etcd/server/v3", ldflags: "", seconds: 25 },
    },
    kubernetes("kube-apiserver", ["--version"], goArch, 130),
    kubernetes("kube-controller-manager", ["--version"], goArch, 40),
    kubernetes("kube-scheduler", ["--version"], goArch, 10),
    kubernetes("kubectl", ["version", "--client"], goArch, 20),
    {
      name: "poet",
      version: POET,
      place: "bin",
      ask: ["--version"],
      build: {
        module: ".",
        package: "github.com/spacemeshos/poet",
        ldflags: `-X main.version=v${POET}`,
        seconds: 5,
      },
    },
    {
      name: "caddy",
      version: CADDY,
      place: "bin",
      ask: ["version"],
      download: {
        url: `https://github.com/caddyserver/caddy/releases/download/v${CADDY}/caddy_${CADDY}_linux_${goArch}.tar.gz`,
        checksums: `https://github.com/caddyserver/caddy/releases/download/v${CADDY}/caddy_${CADDY}_checksums.txt`,
        files: ["caddy"],
      },
      build: {
        module: ".",
        package: "github.com/caddyserver/caddy/v2/cmd/caddy",
        ldflags: `-X github.com/caddyserver/caddy/v2.CustomVersion=v${CADDY}`,
        seconds: 45,
      },
    },
    {
      name: "versitygw", // an S3 server
      tests: true,
      version: VERSITYGW,
      place: "bin",
      ask: ["--version"],
      download: {
        url: `https://github.com/versity/versitygw/releases/download/v${VERSITYGW}/versitygw_v${VERSITYGW}_Linux_${arch === "x64" ? "x86_64" : arch}.tar.gz`,
        checksums: `https://github.com/versity/versitygw/releases/download/v${VERSITYGW}/checksums.txt`,
        files: ["versitygw"],
      },
      build: {
        module: ".",
        package: "github.com/versity/versitygw/cmd/versitygw",
        ldflags: `-X main.Version=v${VERSITYGW}`,
        seconds: 20,
      },
    },
    { ...plugin("command", "1.2.1", goArch), standIn: "sandbox/plugins/command.ts" },
    { ...plugin("cloudflare", "6.22.1", goArch), standIn: "sandbox/plugins/cloudflare.ts" },
    {
      ...plugin("kubernetes", "4.25.0", goArch),
      build: {
        module: "kubernetes-provider",
        package: ".",
        sources: ["structured-merge-diff/fieldpath"],
        ldflags: "",
        seconds: 75,
        embed: {
          module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
          folder: "cmd/pulumi-resource-kubernetes",
          files: ["schema.json", "terraform-mapping.json"],
        },
      },
    },
    {
      name: "cosign", // verifies certificates as everybody can
      tests: true,
      version: COSIGN,
      place: "bin",
      ask: ["version"],
      build: {
        module: "cosign",
        package: "github.com/sigstore/cosign/v3/cmd/cosign",
        ldflags: `-X sigs.k8s.io/release-utils/version.gitVersion=v${COSIGN}`,
        seconds: 65,
      },
    },
    {
      name: "actionlint", // checks the workflows
      tests: true,
      version: ACTIONLINT,
      place: "bin",
      ask: ["-version"],
      build: {
        module: "actionlint",
        package: "github.com/rhysd/actionlint/cmd/actionlint",
        ldflags: `-X github.com/rhysd/actionlint.version=${ACTIONLINT}`,
        seconds: 5,
      },
    },
    ...monitoringTools(goArch),
    {
      name: "pebble", // a certificate authority, by ACME
      tests: true,
      version: PEBBLE,
      place: "bin",
      ask: ["-version"],
      build: {
        module: "pebble",
        package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
        ldflags: `-X main.version=v${PEBBLE}`,
        seconds: 20,
      },
    },
  ];
}

/**
 * @param {string} name
 * @param {readonly string[]} ask
 * @param {string} goArch
 * @param {number} seconds
 * @returns {Tool}
 */
function kubernetes(name, ask, goArch, seconds) {
  const url = `https://dl.k8s.io/release/v${KUBERNETES}/bin/linux/${goArch}/${name}`;
  return {
    name,
    version: KUBERNETES,
    place: "bin",
    ask,
    download: { url, checksums: `${url}.sha256`, files: [name] },
    build: { module: ".", package: `k8s.io/kubernetes/cmd/${name}`, ldflags: KUBERNETES_LDFLAGS, seconds },
  };
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} goArch
 * @returns {Tool}
 */
function plugin(name, version, goArch) {
  const repository = `pulumi/pulumi-${name}`;
  return {
    name: `pulumi-resource-${name}`,
    version,
    place: "plugin",
    download: {
      url: `https://github.com/${repository}/releases/download/v${version}/pulumi-resource-${name}-v${version}-linux-${goArch}.tar.gz`,
      // Some of their lists of checksums are not SHA-256, but all of GitHub's digests are.
      checksums: `https://api.github.com/repos/${repository}/releases/tags/v${version}`,
      files: [`pulumi-resource-${name}`],
    },
  };
}
