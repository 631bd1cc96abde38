import { clearScreenDown, cursorTo } from "node:readline";
import { as, defineCommand, flag, toggle } from "../infra/base/cli/command";
import { READING, STORE_TO_READ } from "../infra/base/cli/environment";
import { answer, printPainted } from "../infra/base/cli/process";
import { UserError } from "../infra/base/lib/errors";
import { whole } from "../infra/base/model/formats";
import type { Overview } from "../infra/review/overview/model";

/** Columns of a page that is not a terminal. */
const WIDTH = 80;
/** Time between two looks, in seconds: half of the longest time between two samples, so that none is missed. */
const EVERY = 30;

const seconds = whole(1, 86400).describe("a time in seconds, 1 to 86400");

export const command = defineCommand({
  about: [
    "Shows every network of the Pulumi backend, newest first, and every channel: the state of its stack, the days that its " +
      "simmer counts, its verdict, age and names, what holds it, and the next step of the release cycle as a command to run. " +
      "The age of a network counts from the start of its deployment, the age of a channel from its last move.",
    "States are `complete`, `incomplete`, `being deployed`, `smoke test not passed`, `being retired`, `not deployed` and " +
      "`unknown`. Only the machine that deploys can tell `being deployed` from `incomplete`.",
    "What cannot be read is named in its row, and the command fails at the end. The JSON has a `schema`, which changes when a " +
      "field changes its meaning or goes; infra/review/overview/model.ts describes it.",
  ],
  arguments: {},
  flags: {
    json: toggle("Print networks and channels as JSON, with --watch one document a line."),
    watch: toggle(
      "Look again and again until you interrupt it. A terminal shows the newest overview, any other output each change.",
    ),
    every: flag("SECONDS", as(seconds), `Time between two looks of --watch. Default: ${EVERY}.`),
  },
  environment: [...STORE_TO_READ, ...READING],
  examples: [
    ["smeshnet list", "Show all networks and channels, and what comes next."],
    ["smeshnet list --watch", "Keep the overview on a screen."],
    ["smeshnet list --json", "Print it for a script."],
  ],
  async run(_, { json, watch, every }, run) {
    if (every !== undefined && !watch)
      throw new UserError(
        "UsageInvalid",
        "--every belongs to --watch.",
        `Run \`smeshnet list --watch --every ${every}\`.`,
        2,
      );
    const [
      { settingsOfProject },
      { storeToRead },
      { gather },
      { sourcesOf },
      { follow },
      { renderOverview },
      { complaintOf },
    ] = await Promise.all([
      import("../infra/base/engine/project.js"),
      import("./store.js"),
      import("../infra/review/overview/gather.js"),
      import("../infra/review/overview/sources.js"),
      import("../infra/review/overview/follow.js"),
      import("../infra/review/overview/render.js"),
      import("../infra/review/overview/complaint.js"),
    ]);
    const settings = await settingsOfProject(process.env);
    const store = storeToRead(settings); // refuses a missing key before anything is touched
    const sources = sourcesOf(settings, () => store, run);
    const terminal = process.stdout.isTTY ? process.stdout : undefined;
    const show = (overview: Overview) => {
      if (json) return answer(overview);
      const page = { width: terminal?.columns ?? WIDTH, colour: terminal?.hasColors() ?? false };
      const lines = renderOverview(overview, page);
      if (watch && terminal) {
        cursorTo(terminal, 0, 0);
        clearScreenDown(terminal);
      }
      printPainted(...(watch && !terminal ? [overview.at, ...lines, ""] : lines));
    };
    const look = (looking: typeof run) => gather(settings, sources, looking);
    if (watch) return follow({ look, show, onlyChanges: json || !terminal, every: every ?? EVERY }, run);
    const overview = await look(run);
    show(overview);
    const complaint = complaintOf(overview);
    if (complaint) throw complaint;
  },
});
