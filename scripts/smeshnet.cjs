#!/usr/bin/env node
// The command `smeshnet`. The state of every stack names this file: its path and `step NAME ARGUMENTS` are a contract.
const { join } = require("node:path");

process.env.SMESHNET_CALLED_FROM = process.cwd(); // flags that name files count from there
process.chdir(join(__dirname, ".."));
require("../infra/preload.cjs");
require("./main");
