import { realClock } from "../infra/base/lib/clock";
import { log } from "./log";
import { openMeans } from "./open";
import { runAsTap } from "./program";

void runAsTap(process.argv.slice(2), process.env, (config, environment, signal) =>
  openMeans(config, environment, signal, { clock: realClock, log }),
);
