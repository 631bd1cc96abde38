import { deepStrictEqual } from "node:assert";
import { readProcesses } from "../../../infra/base/lib/processes";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import { HARMLESS, workersFor } from "../../../infra/retire/workers";
import { COMMANDS } from "../../../scripts/commands";
import { STEPS } from "../../../scripts/steps";
import { settingsWith } from "../../support/settings";

const tag = parseBuildTag("v1.2.3+1");
const settings = settingsWith();
const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));

describe("workersFor", () => {
  const workers = (self: number, text: string) => workersFor(spec, readProcesses(text), self).map(({ pid }) => pid);

  const PRESENT = `
    1     0     0 Ss   /sbin/init
   10     1     0 S    node /checkout/node_modules/.bin/smeshnet retire v1.2.3+1
   20    10     0 Sl   pulumi destroy --yes --stack 1_2_3_1
   21    20     0 Sl   pulumi-resource-command 127.0.0.1:40093
   22    21     0 S    node scripts/smeshnet.cjs step history close v1.2.3+1
   30     1     0 S    node scripts/smeshnet.cjs step network up v1.2.3+1
   31     1     0 S    /usr/bin/node /opt/bin/go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-1
   32     1     0 S    go-spacecraft createNetwork --config /tmp/c.json -n v1-2-3-11
   33     1     0 S    node scripts/smeshnet.cjs step smoke v1.2.3+11 --limit-layers 30
   34     1     0 S    node scripts/smeshnet.cjs step archive collect v1.2.3+1
   35     1     0 S    node scripts/smeshnet.cjs archive list v1.2.3+1
   36     1     0 S    smeshnet status v1.2.3+1
   37     1     0 S    node scripts/smeshnet.cjs deploy v1.2.3+1
   38     1     0 S    vim notes-of-v1.2.3+1 v1.2.3+1
   39     1     0 S    node scripts/smeshnet.cjs step branch move devnet v1.2.3+1
   40     1     0 S    node scripts/smeshnet.cjs step guard v1.2.3+1
   41     1     0 S    node scripts/smeshnet.cjs smoke v1.2.3+1
   42     1     0 S    node scripts/smeshnet.cjs step smoke v1.2.3+1 --limit-layers 30
`;

  it("finds go-spacecraft and the network's steps, and ignores commands that only read or wait", () => {
    deepStrictEqual(workers(22, PRESENT), [30, 31, 34, 39, 42]);
  });

  it("ignores this process and its ancestors", () => deepStrictEqual(workers(30, PRESENT), [22, 31, 34, 39, 42]));

  it("knows the command lines of older releases", () => {
    const older = `
   22     1     0 S    node -r ./infra/preload.cjs scripts/history.ts close v1.2.3+1
   30     1     0 S    node -r ./infra/preload.cjs scripts/network.ts up v1.2.3+1
   33     1     0 S    node -r ./infra/preload.cjs scripts/smoke.ts v1.2.3+11 --json
   34     1     0 S    node -r ./infra/preload.cjs scripts/archive.ts collect v1.2.3+1
   35     1     0 S    node --import tsx scripts/archive.ts list v1.2.3+1
   36     1     0 S    node --import tsx scripts/status.ts v1.2.3+1
   37     1     0 S    node --import tsx scripts/deploy.ts v1.2.3+1
   39     1     0 S    node -r ./infra/preload.cjs scripts/branch.ts move devnet v1.2.3+1
   40     1     0 S    node -r ./infra/preload.cjs scripts/guard.ts v1.2.3+1
   41     1     0 S    node -r ./infra/preload.cjs scripts/smoke.ts v1.2.3+1
`;
    deepStrictEqual(workers(22, older), [30, 34, 39, 41]);
  });
});

describe("HARMLESS", () => {
  it("holds every command, and the steps that the table of steps marks as harmless", () => {
    const steps = Object.entries(STEPS).filter(([, entry]) => "harmless" in entry && entry.harmless);
    const expected = [...Object.keys(COMMANDS), ...steps.map(([name]) => `step ${name}`)];
    deepStrictEqual([...HARMLESS].sort(), expected.sort());
  });
});
