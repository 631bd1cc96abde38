import { programs as simulators } from "../chain/programs";
import type { Programs } from "./program";
import { realPrograms } from "./real-programs";

/** Everything that the sandbox plays, by image repository. */
export const programs: Programs = { ...simulators, ...realPrograms };
