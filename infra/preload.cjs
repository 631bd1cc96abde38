// Lets Node run this project's TypeScript, for the engine (Pulumi.yaml) and for commands (scripts/smeshnet.cjs).
// Stacks from before `smeshnet` name this file, so it stays here for one more release (CONTRIBUTING.md, "Contracts").
// It is plain JavaScript, because nothing else runs before it. `npm run check` checks types.
//
// A loader from a package also looks at every file of every dependency. That takes a preview half a second, and each
// command a fifth of a second (docs/performance.md).

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const CACHE = join(__dirname, "../node_modules/.cache/smeshnet/javascript");

require.extensions[".ts"] = (/** @type {any} _compile is not in Node's types */ module, /** @type {string} */ file) =>
  module._compile(javascriptOf(file), file);

/**
 * The JavaScript of a source file, from the cache unless the file has changed.
 * @param {string} file
 */
function javascriptOf(file) {
  const { mtimeMs, size } = statSync(file);
  const key = createHash("sha256").update(`2 ${file} ${mtimeMs} ${size} ${process.version}`).digest("hex");
  const cached = join(CACHE, `${key}.js`);
  try {
    return readFileSync(cached, "utf8");
  } catch {
    return keep(cached, compile(file));
  }
}

/** @param {string} sourcefile */
function compile(sourcefile) {
  const { transformSync } = require("esbuild");
  const source = readFileSync(sourcefile, "utf8");
  const { code } = transformSync(source, {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcefile,
    sourcemap: "inline",
    supported: { "dynamic-import": false }, // `import()` of a .ts file, which Node itself cannot load
  });
  // TypeScript wants the name of the compiled file in an `import()`; here the source itself is loaded.
  return code.replace(/\brequire\("(\.[^"]*)\.js"\)/g, 'require("$1")');
}

/**
 * Several processes may compile the same file at once: each writes a file of its own and then moves it there. A service
 * whose checkout is read-only compiles at each start.
 * @param {string} cached
 * @param {string} code
 */
function keep(cached, code) {
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(`${cached}.${process.pid}`, code);
    renameSync(`${cached}.${process.pid}`, cached);
  } catch {
    // The cache only saves time.
  }
  return code;
}

// What Pulumi's SDK loads and we seldom or never use: the TypeScript compiler and npm's packages of package data, in order
// to serialise functions into cloud resources; the Automation API, of which a program has no need; OpenTelemetry, for
// `pulumi --tracing`. zod loads its sentences in 50 languages, and we write our own. Each is loaded when somebody asks for
// anything in it.
const sdk = require.resolve("@pulumi/pulumi");
for (const name of [
  "typescript",
  "@npmcli/arborist",
  "normalize-package-data",
  "@pulumi/pulumi/automation",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
])
  lazily(require.resolve(name, { paths: [sdk] }));
lazily(require.resolve("zod/v4/locales"));

/** @param {string} file */
function lazily(file) {
  /** @type {any} whatever the module exports */
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = require(file);
    }
    return real;
  };
  // `__esModule`, so that the helpers of compiled code do not copy its members, which would load it.
  const get = (/** @type {object} */ _, /** @type {PropertyKey} */ key) => {
    if (key === "__esModule") return true;
    return key === "default" ? (load().default ?? load()) : load()[key];
  };
  const module = new Module(file);
  module.exports = new Proxy({}, { get });
  module.loaded = true;
  require.cache[file] = module;
}
