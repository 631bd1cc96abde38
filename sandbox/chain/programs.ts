import type { Programs } from "../kubernetes/program";
import { explorerCollector } from "./explorer/collector";
import { dashApi } from "./explorer/dash-api";
import { explorerApi } from "./explorer/explorer-api";
import { mongo } from "./explorer/mongo";
import { explorerStatistics } from "./explorer/statistics";
import { dashFrontend, explorerFrontend } from "./frontends/frontend";
import { goSpacemesh } from "./go-spacemesh";

/** Simulators of the chain and of the programs built on it, by image repository. */
export const programs: Programs = {
  "spacemeshos/go-spacemesh": goSpacemesh,
  mongo,
  "spacemeshos/explorer-collector": explorerCollector,
  "spacemeshos/explorer-apiserver": explorerApi,
  "spacemeshos/explorer-stats-api": explorerStatistics,
  "spacemeshos/explorer-frontend": explorerFrontend,
  "spacemeshos/dash-backend": dashApi,
  "spacemeshos/dash-frontend": dashFrontend,
};
