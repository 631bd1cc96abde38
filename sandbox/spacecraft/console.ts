/** Colours of go-spacecraft's words (go-spacecraft log/log.go), as ANSI codes. */
const COLOURS = { error: 31, success: 32, info: 34 } as const;

/** Prints a line on standard output, where go-spacecraft says everything, its errors included. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** As {@link say}, in colour when a person reads it. */
export function sayAs(kind: keyof typeof COLOURS, text: string): void {
  say(process.stdout.isTTY ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text);
}
