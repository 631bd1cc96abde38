import { deepStrictEqual, match, strictEqual } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { EventsFile } from "../../../../infra/base/engine/events-file";
import { runWith } from "../../../../infra/base/lib/run";
import { withTemporaryFolder } from "../../../../infra/base/lib/temporary";
import { refusesLater } from "../../../support/errors";

const event = (sequence: number, severity?: string): EngineEvent =>
  ({
    sequence,
    timestamp: 0,
    ...(severity && { diagnosticEvent: { message: "secret", severity } }),
  }) as unknown as EngineEvent;

function world() {
  const said: string[] = [];
  return { said, run: { ...runWith(), say: (line: string) => void said.push(line) } };
}

describe("the file of events", () => {
  it("gets each event on a line, without debug messages", async () => {
    await withTemporaryFolder(async (folder) => {
      const { said, run } = world();
      const file = join(folder, "events");
      const events = await EventsFile.open(file, run);
      events.take(event(1));
      events.take(event(2, "debug"));
      events.take(event(3, "info"));
      await events.close();
      const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
      deepStrictEqual(
        lines.map((line) => JSON.parse(line).event.sequence),
        [1, 3],
      );
      deepStrictEqual(said, []);
    });
  });

  it("on a full disk is one line of warning, and not the end of the update", async () => {
    const { said, run } = world();
    const events = await EventsFile.open("/dev/full", run);
    for (let i = 0; i < 3; i++) {
      events.take(event(i));
      await new Promise(setImmediate);
    }
    await events.close();
    events.take(event(4));
    await events.close();
    strictEqual(said.length, 1);
    match(said[0] ?? "", /^warning: \/dev\/full .*ENOSPC/);
  });

  it("on a disk that the last event fills is one line of warning too", async () => {
    const { said, run } = world();
    const events = await EventsFile.open("/dev/full", run);
    events.take(event(1));
    await events.close();
    strictEqual(said.length, 1);
  });

  it("is refused before the update when it cannot be written", () =>
    refusesLater(EventsFile.open("/proc/none", world().run), "EventsUnwritable", { exitCode: 2 }));
});
