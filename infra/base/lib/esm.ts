/** Node's own `import()`. Compiled to CommonJS, it would become a `require`. */
const load = new Function("name", "return import(name)");

/**
 * Loads a package that has ES modules alone and gives nothing to `require`.
 * @param T the type of the package, `typeof import("NAME", { with: { "resolution-mode": "import" } })`
 */
export const importEsm = async <T>(name: string): Promise<T> => load(name);
