import { parseArgs } from "node:util";
import { SandboxError } from "../sandbox/home";
import { measureArchive, renderArchive } from "./archive";
import { measurePair, renderPair } from "./pair";
import { measurePromotion, renderPromotion } from "./promote";
import { measureRelease, RELEASE_CASES, type ReleaseCase, renderRelease } from "./release";
import { measureStart, renderStart } from "./start";

const HELP = `
Usage: npm run bench -- deploy|preview|floor|destroy [--json]
       npm run bench -- pair|start|promote [--json]
       npm run bench -- archive [--gigabytes N] [--json]

Measures one network of 10 nodes in a sandbox of its own, in seconds of wall time, and breaks each figure down:

  deploy    the deploy verb for a pushed tag, less the driver and the layers that the smoke test waits for
  preview   a preview of the complete stack that finds nothing to change
  floor     plain kubectl apply and wait of the same objects in the same cluster; deploy is given as a ratio to it
  destroy   the retirement of the network, less the archiving of logs

Each also runs what comes before it.

  start     what it takes to start node, Pulumi's SDK, the program and verbs, by the loader that is used
  pair      two networks deployed at once, as a ratio to one
  promote   a channel's promotion to another network and its demotion, under 200 requests a second to its names by clients
            of which half keep addresses for their time to live: failed requests, the time until all names lead to the
            other network, changed resources and restarted pods
  archive   the archiving of N gigabytes of logs (10 unless told) that another process makes up: time, size in the
            store, and the verb's peak memory; it needs room for a third of N in the folder for temporary files

--json prints one JSON document.`;

const OPTIONS = {
  json: { type: "boolean" },
  gigabytes: { type: "string", default: "10" },
  help: { type: "boolean", short: "h" },
} as const;

async function bench(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [what = ""] = positionals;
  const gigabytes = Number(values.gigabytes);
  if (!values.help && what === "archive" && gigabytes > 0) {
    const figures = await measureArchive(Math.round(gigabytes * 1e9));
    print(values.json ? `${JSON.stringify({ archive: figures })}\n` : renderArchive(figures));
  } else if (!values.help && what === "pair") {
    const figures = await measurePair(say);
    print(values.json ? `${JSON.stringify({ pair: figures })}\n` : renderPair(figures));
  } else if (!values.help && what === "promote") {
    const figures = await measurePromotion(say);
    print(values.json ? `${JSON.stringify(figures)}\n` : renderPromotion(figures));
  } else if (!values.help && what === "start") {
    const figures = await measureStart();
    print(values.json ? `${JSON.stringify({ start: figures })}\n` : renderStart(figures));
  } else if (!values.help && isRelease(what)) {
    const results = await measureRelease(what, say);
    print(values.json ? `${JSON.stringify(results)}\n` : renderRelease(results));
  } else {
    print(`${HELP.trim()}\n`);
    process.exitCode = values.help ? 0 : 2;
  }
}

const isRelease = (what: string): what is ReleaseCase => RELEASE_CASES.some((name) => name === what);

const print = (text: string): void => void process.stdout.write(text);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

bench().then(
  () => process.exit(),
  (error: Error) => {
    say(error instanceof SandboxError ? `error: ${error.message}` : (error.stack ?? error.message));
    process.exit(1);
  },
);
