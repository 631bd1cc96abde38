#!/usr/bin/env node
// The command `smeshnet`. The state of every stack names this file: its path and `step NAME ARGUMENTS` are a contract.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

process.env.SMESHNET_CALLED_FROM = process.cwd(); // flags that name files count from there
process.chdir(join(__dirname, ".."));
if (existsSync("node_modules")) {
  require("../infra/preload.cjs");
  require("./main");
} else {
  // Nothing that could print an error is there yet.
  console.error(`error[PackagesMissing]: ${process.cwd()} has no packages. Run \`npm run setup\` there.`);
  process.exitCode = 1;
}
