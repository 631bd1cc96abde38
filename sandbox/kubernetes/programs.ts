import { programs as simulators } from "../chain/programs";
import { monitoringPrograms } from "./monitoring-programs";
import type { Programs } from "./program";
import { realPrograms } from "./real-programs";

/** All programs of the sandbox, by image repository. */
export const programs: Programs = { ...simulators, ...realPrograms, ...monitoringPrograms };
