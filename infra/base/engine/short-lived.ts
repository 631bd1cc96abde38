/**
 * Variables of a process written in Go that lives for a second or two, and of its plugins: how far its memory may grow
 * before it collects garbage, in percent. It takes a quarter less of a core to start, for twice the memory.
 */
export const SHORT_LIVED = { GOGC: process.env.GOGC ?? "400" };
