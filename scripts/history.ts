// No command: stacks from before `smeshnet` run `node -r ./infra/preload.cjs scripts/history.ts` when they are destroyed.
// Remove this file after the next release.
process.argv.splice(2, 0, "step", "history");
void import("./main.js");
