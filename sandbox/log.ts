import { createReadStream, watch } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Longest time between two looks at who writes a log, in milliseconds: the end of a process changes no file. */
const LOOK_EVERY = 500;

/**
 * Copies a log to standard output, and goes on with what is added while its writer runs.
 * @param running whether somebody may still write to it
 */
export async function showLog(file: string, running: () => boolean): Promise<void> {
  let shown = 0;
  for (let more = true; more; ) {
    more = running(); // asked first, so that the last lines are read after the writer has ended
    const stream = createReadStream(file, { start: shown });
    await pipeline(stream, process.stdout, { end: false });
    shown += stream.bytesRead;
    if (more) await changed(file);
  }
}

/** Resolves when a file has changed, or when it is time to look whether its writer still runs. */
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
