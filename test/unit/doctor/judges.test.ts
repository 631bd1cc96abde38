import { deepStrictEqual, ok as isTrue, match, strictEqual } from "node:assert";
import { RIGHTS, RIGHTS_OF_NONE, rightsWith } from "../../../infra/base/model/kubernetes-rights";
import { tlsNames } from "../../../infra/base/model/tls";
import { judgeFolder } from "../../../infra/doctor/backend";
import type { Finding } from "../../../infra/doctor/check";
import { judgeExposure, judgeRights, judgeStorage, judgeVersion } from "../../../infra/doctor/cluster";
import { judgeToken, judgeZone, tokenMissing, tokensInUse } from "../../../infra/doctor/edge";
import { judgeAccount, judgeProject } from "../../../infra/doctor/google";
import { judgeRepository, judgeSigners, judgeWebhook } from "../../../infra/doctor/outside";
import { lineOf } from "../../../infra/doctor/run";
import { judgeTls } from "../../../infra/doctor/tls";
import {
  atLeast,
  judgeGit,
  judgeNode,
  judgePlugins,
  judgeProgram,
  judgePulumi,
  versionIn,
} from "../../../infra/doctor/tools";

const TLS = {
  zone: "spacemesh.io",
  subdomain: "net",
  channels: ["testnet"],
  acmeDirectory: "https://acme.example/dir",
};
const certificate = (notAfter: string) => ({
  generation: 1,
  names: tlsNames(TLS),
  issuer: "E8",
  serial: "01",
  directory: TLS.acmeDirectory,
  notBefore: "2026-11-01T00:00:00Z",
  notAfter,
});
const NOW = Date.parse("2026-11-29T12:00:00Z");
const SDK = { "@pulumi/cloudflare": "6.22.1", "@pulumi/command": "1.2.1", "@pulumi/kubernetes": "4.25.0" };
const plugin = (name: string, version: string) => ({ kind: "resource", name, version });
const cluster = (major: string, minor: string) => ({ major, minor, gitVersion: `v${major}.${minor}.0` });
const storageClass = (name: string, isDefault = false) => ({
  metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": `${isDefault}` } },
});
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFakeKeyOfATest";
const has =
  (...programs: string[]) =>
  (program: string) =>
    programs.includes(program);

/** What is judged, and the beginnings of the lines that come out. */
const TABLE: Readonly<Record<string, [Finding | readonly Finding[], ...string[]]>> = {
  "a new Node.js": [judgeNode("22.1.0", ">=20.19"), "ok   tools.node: Node.js 22.1.0"],
  "an old Node.js": [
    judgeNode("20.9.0", ">=20.19"),
    "fail tools.node: Node.js 20.9.0 is too old (Install Node.js 20.19 or later",
  ],
  "the pulumi of set-up": [judgePulumi("v3.250.0", "3.250.0"), "ok   tools.pulumi: pulumi v3.250.0"],
  "an older pulumi": [judgePulumi("v3.190.0", "3.250.0"), "warn tools.pulumi: pulumi v3.190.0 is older than 3.250.0"],
  "a pulumi that tells no version": [judgePulumi("unknown", "3.250.0"), "fail tools.pulumi: pulumi is unknown"],
  "all plugins": [
    judgePlugins([plugin("cloudflare", "6.22.1"), plugin("command", "v1.2.1"), plugin("kubernetes", "4.25.0")], SDK),
    "ok   tools.plugins: ",
  ],
  "a plugin of another version": [
    judgePlugins([plugin("cloudflare", "6.22.1"), plugin("command", "1.2.1"), plugin("kubernetes", "4.1.0")], SDK),
    "warn tools.plugins: Pulumi's plugins are not installed: kubernetes 4.25.0.",
  ],
  "a new git": [judgeGit("2.39.5", true), "ok   tools.git: git 2.39.5"],
  "an old git, and nobody must sign": [judgeGit("2.30", false), "warn tools.git: git 2.30 cannot verify"],
  "an old git, and tags are signed": [judgeGit("2.30", true), "fail tools.git: git 2.30 cannot verify"],
  "a git without a version": [judgeGit(undefined, false), "fail tools.git: "],
  "a program that is there": [judgeProgram("gcloud", true, "Install it"), "ok   tools.gcloud: "],
  "a program that is not": [
    judgeProgram("gcloud", false, "Install it"),
    "fail tools.gcloud: the program gcloud is not on the PATH (Install it)",
  ],
  "no TLS certificate": [
    judgeTls(undefined, TLS, NOW),
    "fail tls: the store holds no valid TLS certificate (Run `smeshnet tls renew`)",
  ],
  "a TLS certificate": [
    judgeTls(certificate("2027-02-01T00:00:00Z"), TLS, NOW),
    "ok   tls: the TLS certificate of E8 is valid until 2027-02-01T00:00:00Z",
  ],
  "a TLS certificate that must be renewed": [
    judgeTls(certificate("2026-12-10T00:00:00Z"), TLS, NOW),
    "warn tls: the TLS certificate of E8 is valid until 2026-12-10T00:00:00Z, and must be renewed: 10 days of its 39 days are left (Run `smeshnet tls renew`)",
  ],
  "a folder as backend": [judgeFolder("file:///s?metadata=skip", "/s", "open"), "ok   backend: the folder /s "],
  "a folder whose states are two files": [
    judgeFolder("file:///s", "/s", "open"),
    "ok   backend: ",
    "warn backend: each state is written as two files, and a reader in between fails with EOF (Set PULUMI_BACKEND_URL to file:///s?metadata=skip)",
  ],
  "a missing folder": [
    judgeFolder("file:///s", "/s", "missing"),
    "fail backend: the folder /s does not exist (Run `mkdir -p /s`)",
  ],
  "a file as backend": [judgeFolder("file:///s", "/s", "no folder"), "fail backend: /s is no folder"],
  "a folder of others": [
    judgeFolder("file:///s", "/s", "closed"),
    "fail backend: the folder /s cannot be read and written",
  ],
  "a new cluster": [
    judgeVersion("here", cluster("1", "36")),
    "ok   cluster.api: context here answers, Kubernetes v1.36.0",
  ],
  "the oldest cluster": [judgeVersion("here", cluster("1", "25+")), "ok   cluster.api: "],
  "a cluster that is too old": [
    judgeVersion("here", cluster("1", "24")),
    "fail cluster.api: context here has Kubernetes v1.24.0, expected 1.25 or later",
  ],
  "a server that is no cluster": [judgeVersion("here", cluster("", "")), "fail cluster.api: "],
  "all rights": [judgeRights([], "nodePort"), "ok   cluster.rights: all "],
  "missing rights": [
    judgeRights(
      RIGHTS.filter(({ resource, verb }) => ["services", "pods/log"].includes(resource) && verb !== "list"),
      "nodePort",
    ),
    'fail cluster.rights: may not get, watch, create, patch, delete services in a network\'s namespace (Add {apiGroups: [""], resources: ["services"], verbs: [get, watch, create, patch, delete]} to a ClusterRole',
    "fail cluster.rights: may not get pods/log in a network's namespace",
  ],
  "rights that are only wished": [
    judgeRights(
      RIGHTS.filter(({ resource }) => ["nodes", "nodes/proxy"].includes(resource)),
      "loadBalancer",
    ),
    "warn cluster.rights: may not list nodes in the cluster: the resources of the cluster are not known",
    "warn cluster.rights: may not get nodes/proxy in the cluster: the archive cannot tell",
  ],
  "rights that node ports need": [
    judgeRights(
      RIGHTS.filter(({ resource }) => ["namespaces", "nodes"].includes(resource)),
      "nodePort",
    ),
    "fail cluster.rights: may not get, create namespaces in the cluster (Add ",
    "fail cluster.rights: may not patch, delete namespaces in a network's namespace",
    "warn cluster.rights: may not list namespaces in the cluster: networks that no stack knows are not found",
    "fail cluster.rights: may not list nodes in the cluster",
  ],
  "rights that a network without addresses needs": [
    judgeRights(RIGHTS_OF_NONE, "none"),
    "fail cluster.rights: may not get, create services/proxy in a network's namespace (Add ",
  ],
  "a default StorageClass": [
    judgeStorage({ storageClass: "default" }, [storageClass("slow"), storageClass("fast", true)]),
    "ok   cluster.storage: disks are of StorageClass fast; not proven: ",
  ],
  "no default StorageClass": [
    judgeStorage({ storageClass: "default" }, [storageClass("slow")]),
    "fail cluster.storage: the cluster has no default StorageClass; classes there: slow (Run `kubectl annotate storageclass NAME ",
  ],
  "a StorageClass that is missing": [
    judgeStorage({ storageClass: "fast" }, []),
    "fail cluster.storage: there is no StorageClass fast; classes there: none",
  ],
  "no disks at all": [judgeStorage({ storageClass: "none" }, []), "ok   cluster.storage: "],
  "node ports": [judgeExposure("nodePort"), "ok   cluster.exposure: nodes get node ports"],
  "load balancers": [
    judgeExposure("loadBalancer"),
    "ok   cluster.exposure: each node and the gateway get a Service of type LoadBalancer; not proven: ",
  ],
  "no addresses outside": [
    judgeExposure("none"),
    "ok   cluster.exposure: nodes and poets get no address outside, the gateway a Service of type LoadBalancer; nobody outside can join; not proven: ",
  ],
  "an account of Google": [
    judgeAccount(0, '[{"account": "sam@example.org"}]', ""),
    "ok   google.account: gcloud is logged in as sam@example.org",
  ],
  "no account of Google": [
    judgeAccount(0, "[]", ""),
    "fail google.account: gcloud is not logged in (Run `gcloud auth login`)",
  ],
  "a broken gcloud": [
    judgeAccount(1, "", "Traceback\nImportError"),
    "fail google.account: gcloud does not tell its account: ImportError",
  ],
  "a project": [
    judgeProject("p", 0, '{"projectId": "p", "lifecycleState": "ACTIVE"}', ""),
    "ok   google.project: project p is ACTIVE; not proven: ",
  ],
  "a project that is being deleted": [
    judgeProject("p", 0, '{"projectId": "p", "lifecycleState": "DELETE_REQUESTED"}', ""),
    "fail google.project: project p is DELETE_REQUESTED",
  ],
  "a project of others": [
    judgeProject("p", 1, "", "ERROR: PERMISSION_DENIED"),
    "fail google.project: project p cannot be described: ERROR: PERMISSION_DENIED",
  ],
  "a token": [
    judgeToken("CLOUDFLARE_API_TOKEN", { status: "active" }),
    "ok   cloudflare.token: CLOUDFLARE_API_TOKEN is active",
  ],
  "a token with an end": [
    judgeToken("CLOUDFLARE_API_TOKEN", { status: "active", expires: "2027-01-01T00:00:00Z" }),
    "ok   cloudflare.token: CLOUDFLARE_API_TOKEN is active until 2027-01-01T00:00:00Z",
  ],
  "a part without a token": [
    tokenMissing(tokensInUse({ cloudflareTokens: { dns: "d", kv: "k" } }).find(({ token }) => !token)?.parts ?? []),
    "fail cloudflare.token: CLOUDFLARE_API_TOKEN is not set, nor is CLOUDFLARE_WORKERS_TOKEN",
  ],
  "an expired token": [
    judgeToken("CLOUDFLARE_API_TOKEN", { status: "expired" }),
    "fail cloudflare.token: CLOUDFLARE_API_TOKEN is expired",
  ],
  "the zone of the settings": [
    judgeZone({ zone: "example.org", subdomain: "net" }, "z", "example.org"),
    "ok   cloudflare.zone: zone z is example.org",
  ],
  "a zone for the subdomain alone": [
    judgeZone({ zone: "example.org", subdomain: "net" }, "z", "net.example.org"),
    "ok   cloudflare.zone: zone z is net.example.org",
  ],
  "another zone": [
    judgeZone({ zone: "example.org", subdomain: "net" }, "z", "example.com"),
    "fail cloudflare.zone: zone z is example.com, but smeshnet:zone is example.org",
  ],
  "a repository": [
    judgeRepository("file:///r", "c0ffee\tHEAD\n"),
    "ok   repository: file:///r can be read; not proven: ",
  ],
  "an empty repository": [judgeRepository("file:///r", ""), "warn repository: file:///r can be read and has no commit"],
  "no signers": [judgeSigners("", NOW, has()), "ok   signers: anybody who may push tags may deploy"],
  "signers with an SSH key": [
    judgeSigners(`a@b.org ${KEY}\n`, NOW, has("ssh-keygen")),
    "ok   signers: tags count that are signed by 1 SSH keys",
  ],
  "signers without ssh-keygen": [
    judgeSigners(`a@b.org ${KEY}\n`, NOW, has("gpg")),
    "fail signers: the program ssh-keygen, ",
  ],
  "signers whose key has expired": [
    judgeSigners(`a@b.org valid-before="20200101Z" ${KEY}\n`, NOW, has("ssh-keygen")),
    "fail signers: every key of smeshnet:allowedSigners has expired",
  ],
  "signers that cannot be read": [
    judgeSigners("whoever\n", NOW, has("ssh-keygen")),
    "fail signers: smeshnet:allowedSigners cannot be read",
  ],
  "a webhook": [judgeWebhook({ name: "Net\u202enews" }), 'ok   webhook: Discord knows the webhook as "Net'],
  "a webhook that is gone": [
    judgeWebhook({ why: "HTTP 404: Unknown Webhook" }),
    "fail webhook: Discord does not show the webhook: HTTP 404: Unknown Webhook",
  ],
};

describe("the doctor judges", () => {
  for (const [what, [findings, ...lines]] of Object.entries(TABLE)) {
    it(what, () => {
      const given = [findings].flat();
      const printed = given.map(lineOf);
      strictEqual(printed.length, lines.length, printed.join("\n"));
      for (const [i, line] of lines.entries()) isTrue(printed[i]?.startsWith(line), printed[i]);
      for (const one of given) strictEqual(one.fix === undefined, one.state === "ok", lineOf(one));
    });
  }

  it("versions by their numbers", () => {
    const pairs = [
      ["20.19.0", "20.19"],
      ["v3.250.0", "3.250.0"],
      ["2.100", "2.34"],
      ["3.250.0-dev.1", "3.250"],
    ] as const;
    for (const [version, least] of pairs) isTrue(atLeast(version, least), version);
    for (const [version, least] of [
      ["20.9.0", "20.19"],
      ["2.4", "2.34"],
      ["x", "1"],
    ] as const)
      isTrue(!atLeast(version, least), version);
    deepStrictEqual([versionIn("git version 2.39.5 (Apple)"), versionIn("none")], ["2.39.5", undefined]);
  });

  it("each right with the rule that gives it", () => {
    for (const right of rightsWith("none")) {
      const [finding] = judgeRights([right], "loadBalancer") as [Finding];
      strictEqual(finding.state, right.without === undefined ? "fail" : "warn");
      match(lineOf(finding), new RegExp(`resources: \\["${right.resource}"\\], verbs: \\[${right.verb}\\]`));
    }
  });
});
