import { createReadStream, watch } from "node:fs";

/** Longest time between two checks of the log's writer, in milliseconds. The end of a process changes no file. */
const LOOK_EVERY = 500;

/**
 * Copies a log and continues with new lines while its writer runs.
 * @param running whether the writer may still add lines
 * @param show receives the text; standard output by default
 */
export async function showLog(
  file: string,
  running: () => boolean,
  show: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<void> {
  let shown = 0;
  for (let more = true; more; ) {
    more = running(); // asked before the read, so that the last lines are read after the writer ended
    const stream = createReadStream(file, { start: shown, encoding: "utf8" });
    for await (const text of stream) show(text);
    shown += stream.bytesRead;
    if (more) await changed(file);
  }
}

/** Resolves when a file changed, or when the next check of its writer is due. */
function changed(file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(file, () => done());
    const timer = setTimeout(() => done(), LOOK_EVERY);
    const done = () => {
      clearTimeout(timer);
      watcher.close();
      resolve();
    };
  });
}
