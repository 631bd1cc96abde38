/** Colours of go-spacecraft's output (go-spacecraft log/log.go), as ANSI codes. */
const COLOURS = { error: 31, success: 32, info: 34 } as const;

/** Prints a line on standard output. go-spacecraft prints everything there, including errors. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Like {@link say}, in colour on a terminal. */
export function sayAs(kind: keyof typeof COLOURS, text: string): void {
  say(process.stdout.isTTY ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text);
}
