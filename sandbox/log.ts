import { createReadStream, watch } from "node:fs";

/** Longest time between two looks at who writes a log, in milliseconds: the end of a process changes no file. */
const LOOK_EVERY = 500;

/**
 * Copies a log, and goes on with what is added while its writer runs.
 * @param running whether somebody may still write to it
 * @param show takes what was read; standard output unless told
 */
export async function showLog(
  file: string,
  running: () => boolean,
  show: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<void> {
  let shown = 0;
  for (let more = true; more; ) {
    more = running(); // asked first, so that the last lines are read after the writer has ended
    const stream = createReadStream(file, { start: shown, encoding: "utf8" });
    for await (const text of stream) show(text);
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
