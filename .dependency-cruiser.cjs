// Who may import whom (infra/README.md says it in words), and that nothing imports in a circle. Run by `npm run check`.

/** Rooms of infra/base, lowest first, with the rooms that each may import besides itself. */
const BASE = {
  lib: [],
  web: ["lib"],
  model: ["lib"],
  verdict: ["model"],
  store: ["model", "lib"],
  clients: ["model", "lib"],
  cli: ["clients", "model", "lib"],
  engine: ["store", "clients", "model", "lib"],
  observe: ["verdict", "clients", "model", "lib"],
  channel: ["engine", "store", "clients", "model", "lib"],
};

/** The steps of the cycle. All may import base, but not base/cli. */
const STEPS = {
  doctor: ["tls"],
  prepare: [],
  tls: [],
  deploy: ["archive/manifest", "tls"],
  simmer: [],
  archive: ["deploy/monitoring/(series|prometheus)"],
  retire: ["archive", "deploy/network/driver"],
  promote: ["simmer", "retire", "tls"],
  recap: ["archive", "simmer", "retire"],
  review: ["archive", "simmer", "retire", "promote", "deploy/network/driver"],
};

const rule = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: [...allowed, "node_modules", "^[a-z][a-z:_/]*$"], dependencyTypesNot: ["core"] },
});

const base = Object.entries(BASE).map(([room, below]) =>
  rule(
    `base-${room}`,
    `infra/base/${room} imports only ${below.length > 0 ? below.join(", ") : "itself"}`,
    `^infra/base/${room}/`,
    [room, ...below].map((one) => `^infra/base/${one}/`),
  ),
);

const steps = Object.entries(STEPS).map(([room, others]) =>
  rule(
    `step-${room}`,
    `infra/${room} imports infra/base without cli${others.map((one) => `, infra/${one}`).join("")}`,
    `^infra/${room}/`,
    ["^infra/base/(?!cli/)", `^infra/${room}/`, ...others.map((one) => `^infra/${one}`)],
  ),
);

module.exports = {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    ...base,
    ...steps,
    rule("edge", "edge/ runs at Cloudflare and imports only pure rooms", "^edge/", [
      "^edge/",
      "^infra/base/(web|model)/",
      "^infra/base/lib/(json|cut)",
    ]),
    rule("tap", "tap/ runs beside a network's nodes: it holds a key, and imports no step", "^tap/", [
      "^tap/",
      "^infra/base/(lib|model|web|clients/node)/",
    ]),
    rule("components", "components/ name a step's command line and import no command", "^components/", [
      "^components/",
      "^infra/base/(model|lib)/",
      "^infra/(deploy|promote)/",
      "^infra/simmer/certificate/",
    ]),
    rule("stacks", "stacks/ import components/ and infra/", "^stacks/(?!index)", [
      "^stacks/",
      "^components/",
      "^infra/(?!base/cli/)",
    ]),
    rule("stacks-index", "the program's door reads its input with base/cli", "^stacks/index", [
      "^stacks/",
      "^infra/base/(cli|lib|model)/",
    ]),
    rule("policy", "policy/ checks what a program asks for, by the model and by stored states", "^policy/", [
      "^policy/",
      "^infra/preload",
      "^infra/base/(lib|model)/",
      "^infra/base/engine/state",
    ]),
    rule("scripts", "scripts/ import infra/", "^scripts/(?!preview-worker)", ["^scripts/", "^infra/"]),
    // A preview runs the programs of 20 stacks. Started by the engine, each would load the SDK and the programs again.
    rule("preview-worker", "it runs the programs in its own process, through their door", "^scripts/preview-worker", [
      "^stacks/index",
      "^policy/kept",
      "^infra/base/engine/kept-providers",
      "^infra/review/preview/",
    ]),
    rule("sandbox", "sandbox/ keeps other people's contracts and knows only our types", "^sandbox/", [
      "^sandbox/",
      "^infra/base/(model|clients/node)/",
    ]),
    {
      name: "sandbox-is-no-part",
      comment: "only tests and benchmarks import sandbox/",
      severity: "error",
      from: { pathNot: "^(sandbox|test|bench)/" },
      to: { path: "^sandbox/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    // A package of ES modules alone, such as @octokit/rest, names no file for `require`.
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
    exclude: { path: "node_modules" },
  },
};
