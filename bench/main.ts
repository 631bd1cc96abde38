import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHECKOUT, type Driver, SandboxError } from "../sandbox/home";
import { measureArchive, renderArchive } from "./archive";
import { DRIVERS, measureDrivers, renderDrivers } from "./drivers";
import { measurePair, renderPair } from "./pair";
import { takePictures } from "./pictures";
import { measureManyPreviews, renderPreviews } from "./previews";
import { measurePromotion, renderPromotion } from "./promote";
import { measureRelease, RELEASE_CASES, type ReleaseCase, renderRelease, SHARED_CASES } from "./release";
import { measureStalls, pictureOfStalls, renderStalls } from "./stalls";
import { measureStart, renderStart } from "./start";
import { measureWatch, renderWatch } from "./watch";

const HELP = `
Usage: npm run bench -- deploy|preview|again|floor|destroy [--json]
       npm run bench -- deploy|preview|again|previews --driver kubernetes [--json]
       npm run bench -- pair|previews [--json]
       npm run bench -- promote [--tls] [--rate N] [--json]
       npm run bench -- drivers [--driver kubernetes|spacecraft] [--rounds N] [--json]
       npm run bench -- start [--against FOLDER] [--json]
       npm run bench -- archive [--gigabytes N] [--json]
       npm run bench -- stalls|watch [--json]
       npm run bench -- pictures [--folder FOLDER]

Measures one network of 10 nodes in its own sandbox, in seconds of wall time, and breaks each figure down:

  deploy    deployment of a pushed tag, without the driver and the layers that the smoke test waits for
  preview   preview of the complete stack without changes, also as a ratio to that of a program without resources
  again     smeshnet deploy of the complete network, which has nothing to do
  floor     plain kubectl apply and wait for the same objects in the same cluster; shows deploy as a ratio to it
  destroy   retirement of the network, without archiving its logs

Each case also runs the cases before it. With --driver kubernetes the network is one of 5 of today's nodes with every
component, tap and monitoring too.

  drivers   the same cases with the driver kubernetes, as ratios to those with spacecraft: deployment, preview and
            deployment without changes, status, removal. Networks of 5 nodes in a sandbox for each driver take turns.
            With --driver it measures one of them alone. Deployments count from N rounds (3 by default), the cases
            on a deployed network from 9

  start     start times of node, Pulumi's SDK and the program, by loader, and of every command and step. With --against
            it measures a checkout from before the command smeshnet in turns with this one, and shows ratios
  pair      deployment of two networks at once, as a ratio to one
  promote   promotion and demotion of a channel under N requests per second (200 by default) to its names. Half of the
            clients keep addresses and connections for the addresses' time to live. Shows failed requests, the time until
            all names lead to the other network, changed resources and restarted pods. With --tls the names have
            certificates, and requests go by https
  previews  smeshnet preview of one unchanged network and of 20. The 20 are one deployed network and copies of the state
            of its stack under other names, with the same cluster. A preview of an unchanged stack asks no cluster. With
            --driver kubernetes it measures one network with every component
  archive   archiving of N gigabytes of logs (10 by default) that another process generates. Shows the time, the size in
            the store and peak memory. Needs a third of N in the folder for temporary files
  stalls    time from the true start of a stall to its verdict, over 1,000 stalls in virtual time, and false verdicts.
            Writes the distribution to docs/pictures/stall-latency.svg
  watch     CPU, memory and room in the store that watching 20 networks of 25 nodes takes
  pictures  takes the documents' pictures of the network that \`npm run demo -- --monitoring\` leaves running, or
            pictures of whole pages, 390 and 1280 px wide, into FOLDER; needs Chromium

  --json    print one JSON document`;

const STALLS = 1000;
const WATCHED = { networks: 20, nodes: 25 };

const OPTIONS = {
  json: { type: "boolean" },
  gigabytes: { type: "string", default: "10" },
  against: { type: "string" },
  driver: { type: "string" },
  folder: { type: "string" },
  rounds: { type: "string", default: "3" },
  tls: { type: "boolean", default: false },
  rate: { type: "string", default: "200" },
  help: { type: "boolean", short: "h" },
} as const;

async function bench(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [what = ""] = positionals;
  const gigabytes = Number(values.gigabytes);
  const rounds = Number(values.rounds);
  const rate = Number(values.rate);
  if (!values.help && what === "archive" && gigabytes > 0) {
    const figures = await measureArchive(Math.round(gigabytes * 1e9));
    print(values.json ? `${JSON.stringify({ archive: figures })}\n` : renderArchive(figures));
  } else if (!values.help && what === "stalls") {
    const { latencies, ...figures } = await measureStalls(STALLS);
    writeFileSync(join(CHECKOUT, "docs/pictures/stall-latency.svg"), pictureOfStalls({ ...figures, latencies }));
    print(values.json ? `${JSON.stringify({ stalls: figures })}\n` : renderStalls(figures));
  } else if (!values.help && what === "watch") {
    const figures = await measureWatch(WATCHED.networks, WATCHED.nodes, say);
    print(values.json ? `${JSON.stringify({ watch: figures })}\n` : renderWatch(figures));
  } else if (!values.help && what === "pictures") {
    await takePictures(values.folder, say);
  } else if (!values.help && what === "pair") {
    const figures = await measurePair(say);
    print(values.json ? `${JSON.stringify({ pair: figures })}\n` : renderPair(figures));
  } else if (!values.help && what === "previews" && isDriver(values.driver)) {
    const figures = await measureManyPreviews(values.driver ?? "spacecraft", say);
    print(values.json ? `${JSON.stringify({ previews: figures })}\n` : renderPreviews(figures));
  } else if (!values.help && what === "promote" && rate > 0) {
    const figures = await measurePromotion({ rate, tls: values.tls }, say);
    print(values.json ? `${JSON.stringify(figures)}\n` : renderPromotion(figures));
  } else if (!values.help && what === "drivers" && isDriver(values.driver) && rounds > 0) {
    const figures = await measureDrivers(values.driver, { deployments: rounds, others: 9 }, say);
    print(values.json ? `${JSON.stringify({ drivers: figures })}\n` : renderDrivers(figures));
  } else if (!values.help && what === "start") {
    const figures = await measureStart(values.against);
    print(values.json ? `${JSON.stringify({ start: figures })}\n` : renderStart(figures));
  } else if (!values.help && isRelease(what) && isReleaseDriver(values.driver, what)) {
    const results = await measureRelease(what, values.driver ?? "spacecraft", say);
    print(values.json ? `${JSON.stringify(results)}\n` : renderRelease(results));
  } else {
    print(`${HELP.trim()}\n`);
    process.exitCode = values.help ? 0 : 2;
  }
}

const isRelease = (what: string): what is ReleaseCase => RELEASE_CASES.some((name) => name === what);

const isDriver = (name: string | undefined): name is Driver | undefined =>
  name === undefined || DRIVERS.some((driver) => driver === name);

const isReleaseDriver = (name: string | undefined, what: ReleaseCase): name is Driver | undefined =>
  isDriver(name) && (name !== "kubernetes" || SHARED_CASES.includes(what));

const print = (text: string): void => void process.stdout.write(text);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

bench().then(
  () => process.exit(),
  (error: Error) => {
    say(error instanceof SandboxError ? `error: ${error.message}` : (error.stack ?? error.message));
    process.exit(1);
  },
);
