/** @typedef {import("./tool.mjs").Tool} Tool */
/** @typedef {import("./tool.mjs").VersionQuery} VersionQuery */

const PULUMI = "3.250.0";
const KUBERNETES = "1.36.3";
const ETCD = "3.6.8";
const KWOK = "0.7.0";
const CADDY = "2.11.9";
const POET = "0.10.10";

/** Where it is seen whether official downloads have a chance: most of them come from there. */
export const PROBE = "https://github.com";

/**
 * All tools of the sandbox, in the order of their making: first what others wait for when they try things out, last the
 * build that takes most time and memory.
 * @param {string} arch as `process.arch`: x64 or arm64
 * @returns {readonly Tool[]}
 */
export function toolsFor(arch) {
  return [...engine(arch), ...controlPlane(arch), ...programs(arch), ...plugins(arch)];
}

/** Architecture as Go names it. @param {string} arch */
const goArch = (arch) => (arch === "x64" ? "amd64" : arch);

/** @param {string} repository @param {string} version @param {string} file */
const release = (repository, version, file) => `https://github.com/${repository}/releases/download/v${version}/${file}`;

/**
 * GitHub's own digests of a release's files, for publishers that state none (or SHA-1, as Pulumi's providers do). It
 * has them for what was uploaded since June 2025; what is older is built instead.
 * @param {string} repository
 * @param {string} version
 */
const digests = (repository, version) => `https://api.github.com/repos/${repository}/releases/tags/v${version}`;

/** @param {string} arch @returns {Tool[]} */
function engine(arch) {
  const file = `pulumi-v${PULUMI}-linux-${arch}.tar.gz`;
  const host = "pulumi-language-nodejs";
  return [
    {
      name: "pulumi",
      version: PULUMI,
      ask: { args: ["version"], answer: /^v(\S+)/ },
      download: {
        url: release("pulumi/pulumi", PULUMI, file),
        sums: release("pulumi/pulumi", PULUMI, `pulumi-${PULUMI}-checksums.txt`),
        members: { pulumi: "pulumi/pulumi", [host]: `pulumi/${host}` },
      },
      build: {
        module: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        variables: [`github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`],
        seconds: 180,
        gigabytes: 2,
      },
    },
    {
      name: host,
      version: PULUMI,
      comesWith: "pulumi",
      build: { module: "langhost", package: ".", seconds: 25, gigabytes: 1 },
    },
  ];
}

/** @param {string} arch @returns {Tool[]} */
function controlPlane(arch) {
  const etcd = `etcd-v${ETCD}-linux-${goArch(arch)}`;
  return [
    // The first of the two compiles what they share.
    kwok("kwokctl", 100, arch),
    kwok("kwok", 20, arch),
    {
      name: "etcd",
      version: ETCD,
      ask: { args: ["--version"], answer: /^etcd Version: (\S+)/ },
      download: {
        url: release("etcd-io/etcd", ETCD, `${etcd}.tar.gz`),
        sums: release("etcd-io/etcd", ETCD, "SHA256SUMS"),
        members: { etcd: `${etcd}/etcd` },
      },
      build: { module: "etcd", package: "go.etcd.io/etcd/server/v3", seconds: 30, gigabytes: 1 },
    },
    kubernetes("kube-apiserver", 200, arch),
    kubernetes("kube-controller-manager", 55, arch),
    kubernetes("kube-scheduler", 10, arch),
    kubernetes("kubectl", 20, arch, { args: ["version", "--client"], answer: /^Client Version: v(\S+)/ }),
  ];
}

/** @param {string} name @param {number} seconds @param {string} arch @returns {Tool} */
function kwok(name, seconds, arch) {
  return {
    name,
    version: KWOK,
    ask: { args: ["--version"], answer: /^\S+ version v(\S+)/ },
    download: {
      url: release("kubernetes-sigs/kwok", KWOK, `${name}-linux-${goArch(arch)}`),
      sums: digests("kubernetes-sigs/kwok", KWOK),
    },
    build: {
      module: "kwok",
      package: `sigs.k8s.io/kwok/cmd/${name}`,
      variables: [`sigs.k8s.io/kwok/pkg/consts.Version=v${KWOK}`],
      seconds,
      gigabytes: 1,
    },
  };
}

/** @type {VersionQuery} */
const KUBERNETES_VERSION = { args: ["--version"], answer: /^Kubernetes v(\S+)/ };

/** @param {string} name @param {number} seconds @param {string} arch @returns {Tool} */
function kubernetes(name, seconds, arch, ask = KUBERNETES_VERSION) {
  const url = `https://dl.k8s.io/release/v${KUBERNETES}/bin/linux/${goArch(arch)}/${name}`;
  const [major, minor] = KUBERNETES.split(".");
  const version = "k8s.io/component-base/version";
  return {
    name,
    version: KUBERNETES,
    ask,
    download: { url, sums: `${url}.sha256` },
    build: {
      module: "k8s",
      package: `k8s.io/kubernetes/cmd/${name}`,
      variables: [
        `${version}.gitVersion=v${KUBERNETES}`,
        `${version}.gitMajor=${major}`,
        `${version}.gitMinor=${minor}`,
      ],
      seconds,
      gigabytes: 2,
    },
  };
}

/** @param {string} arch @returns {Tool[]} */
function programs(arch) {
  const caddy = { repository: "caddyserver/caddy", file: `caddy_${CADDY}_linux_${goArch(arch)}.tar.gz` };
  return [
    {
      name: "caddy",
      version: CADDY,
      ask: { args: ["version"], answer: /^v(\S+)/ },
      download: {
        url: release(caddy.repository, CADDY, caddy.file),
        sums: release(caddy.repository, CADDY, `caddy_${CADDY}_checksums.txt`),
        members: { caddy: "caddy" },
      },
      build: {
        module: "caddy",
        package: "github.com/caddyserver/caddy/v2/cmd/caddy",
        variables: [`github.com/caddyserver/caddy/v2.CustomVersion=v${CADDY}`],
        seconds: 115,
        gigabytes: 1,
      },
    },
    {
      name: "poet",
      version: POET,
      ask: { args: ["--version"], answer: /^v(\S+)/ },
      // Its releases hold one executable, for x64.
      ...(arch === "x64" && {
        download: {
          url: release("spacemeshos/poet", POET, "poet"),
          sums: digests("spacemeshos/poet", POET),
        },
      }),
      build: {
        module: "poet",
        package: "github.com/spacemeshos/poet",
        variables: [`main.version=v${POET}`],
        seconds: 15,
        gigabytes: 1,
      },
    },
  ];
}

/** @param {string} arch @returns {Tool[]} */
function plugins(arch) {
  const provider = "github.com/pulumi/pulumi-kubernetes/provider/v4";
  return [
    { ...plugin("command", "1.2.1", arch), standIn: { sources: "sandbox/plugins", entry: "command.ts" } },
    { ...plugin("cloudflare", "6.22.1", arch), standIn: { sources: "sandbox/plugins", entry: "cloudflare.ts" } },
    {
      ...plugin("kubernetes", "4.25.0", arch),
      build: {
        module: "kubernetes-provider",
        package: ".",
        overlay: {
          module: provider,
          folder: "cmd/pulumi-resource-kubernetes",
          files: ["schema.json", "terraform-mapping.json"],
        },
        seconds: 430,
        gigabytes: 4,
      },
    },
  ];
}

/** @param {string} name @param {string} version @param {string} arch @returns {Tool} */
function plugin(name, version, arch) {
  const executable = `pulumi-resource-${name}`;
  const repository = `pulumi/pulumi-${name}`;
  return {
    name: executable,
    version,
    plugin: name,
    download: {
      url: release(repository, version, `${executable}-v${version}-linux-${goArch(arch)}.tar.gz`),
      sums: digests(repository, version),
      members: { [executable]: executable },
    },
  };
}
