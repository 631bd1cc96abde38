// Serves the policies to one engine. A killed engine sends no signal, but its end of the pipe closes.
process.stdin.on("end", () => process.exit()).resume();
process.chdir(require("node:path").join(__dirname, ".."));
require("../infra/preload.cjs");
require("./index");
