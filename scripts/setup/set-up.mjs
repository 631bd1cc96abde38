import { join } from "node:path";
import { keyOf, publish } from "./cache.mjs";
import { fetchExecutables, reachable } from "./download.mjs";
import { duration, expectedSeconds } from "./estimate.mjs";
import { findTool } from "./find.mjs";
import { GO_VERSION, goDownload, goVersion, usableGo } from "./go.mjs";
import { withLock } from "./lock.mjs";
import { installPackages, isInstalled, NPM_SECONDS } from "./npm.mjs";
import { obtain } from "./obtain.mjs";
import { Progress } from "./progress.mjs";
import { goRefusal } from "./requirements.mjs";
import { sources } from "./resolution.mjs";
import { SetupError } from "./setup-error.mjs";
import { activate, makeToolSet } from "./tool-set.mjs";
import { PROBE, toolsFor } from "./tools.mjs";
import { Versions } from "./versions.mjs";

/** @typedef {import("./tool.mjs").Tool} Tool */
/** @typedef {import("./tool-set.mjs").Found} Found */
/** @typedef {import("./resolution.mjs").Source} Source */
