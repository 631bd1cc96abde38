/** Name of the variable that tells a verb that it runs as a step of an engine, and is nothing without it. */
export const STEP_VARIABLE = "SMESHNET_STEP";
