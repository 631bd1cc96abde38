import type { Programs } from "./program";

export const realPrograms: Programs = {};
