/** Node's own `import()`. A compiler to CommonJS would make a `require` of it, which such a package does not answer. */
const load: (name: string) => Promise<unknown> = new Function("name", "return import(name)") as never;
