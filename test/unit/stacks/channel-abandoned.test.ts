import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { recordAbandonment, recordAbandonmentEnd, writeDown } from "../../../infra/base/channel/records";
import type { ChannelState } from "../../../infra/base/model/promotion";
import type { Store } from "../../../infra/base/store/contract";
import { openStore } from "../../../infra/base/store/open";
import { type ChannelRequest, channel } from "../../../stacks/channel";
import { networkOutputs, statesOf } from "../../support/channel-stack";
import { isRefusal } from "../../support/errors";
import { mockEngine, type Registered, run } from "../../support/program";
import { promotion } from "../../support/promotions";
import { KEYED } from "../../support/record-key";
import { settingsWith } from "../../support/settings";

const [ONE, TWO] = [promotion(1, "v1.2.2"), promotion(2, "v1.2.3")] as const;
const AT = "2026-01-01T00:00:00Z";
const GIVEN = {
  schema: 1,
  channel: "testnet",
  generation: 2,
  release: "v1.2.3",
  tag: "v1.2.3+1",
  reason: "x",
  at: AT,
} as const;

describe("the program of a channel, a promotion of which was given up", () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "abandoned-"));
    store = openStore(pathToFileURL(folder).href, KEYED);
    for (const one of [ONE, TWO]) await writeDown(store, one);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function update(has: ChannelState, request: ChannelRequest, network = networkOutputs("v1.2.3+1")) {
    const resources = await mockEngine("testnet", statesOf(has, network));
    const settings = settingsWith({ poets: 2, zoneId: "zone", archive: pathToFileURL(folder).href });
    return { resources, outputs: await run(() => channel("testnet", settings, { credentials: KEYED, ...request })) };
  }
  const turn = (resources: readonly Registered[], step: string): string | undefined => {
    const found = resources.find(({ name, custom }) => custom && name === step);
    const environment = found?.inputs.environment as Record<string, string> | undefined;
    return environment?.GENERATION;
  };

  it("refuses that promotion under its lock, before anything moves", async () => {
    await recordAbandonment(store, GIVEN);
    await rejects(update({ promotion: ONE }, { requested: TWO }), (error) =>
      isRefusal(error, "PromotionAbandoned", { names: ["eneration 2 of testnet", "(x)"] }),
    );
  });

  it("lets a promotion go on that arrived before it was given up", async () => {
    await recordAbandonment(store, GIVEN);
    await recordAbandonmentEnd(store, GIVEN, { schema: 1, outcome: "finished", at: AT });
    const { outputs } = await update({ promotion: TWO, previous: ONE }, { requested: TWO });
    deepStrictEqual([outputs.generation, outputs.abandoned], [2, undefined]);
  });

  it("refuses a promotion that is not the newest on record", async () => {
    await writeDown(store, promotion(3, "v1.2.4"));
    await rejects(update({ promotion: ONE }, { requested: TWO }), (error) =>
      isRefusal(error, "PromotionOvertaken", { names: ["generation 3"] }),
    );
  });

  it("refuses a network that runs another commit than the promotion was decided for", async () => {
    const network = { ...networkOutputs("v1.2.3+1"), commit: "f".repeat(40) };
    await rejects(update({ promotion: ONE }, { requested: TWO }, network), (error: Error) => {
      match(error.message, new RegExp(`v1\\.2\\.3\\+1 runs f{40}, and its promotion was decided for ${TWO.commit}`));
      return true;
    });
    const same = { ...networkOutputs("v1.2.3+1"), commit: TWO.commit };
    strictEqual((await update({ promotion: ONE }, { requested: TWO }, same)).outputs.generation, 2);
  });

  it("runs its steps once more when it is put back, and not again after that", async () => {
    const network = networkOutputs("v1.2.2+1");
    const before = await update({ promotion: ONE }, {}, network);
    const back = await update({ promotion: ONE }, { abandoned: 2 }, network);
    const after = await update({ promotion: ONE, abandoned: 2 }, {}, network);
    for (const step of ["testnet", "moved"]) {
      deepStrictEqual(
        [before, back, after].map(({ resources }) => turn(resources, step)),
        ["1", "1 after 2", "1 after 2"],
        step,
      );
    }
    deepStrictEqual(
      [before, back, after].map(({ outputs }) => outputs.abandoned),
      [undefined, 2, 2],
    );
  });

  it("forgets that with the next move", async () => {
    const { resources, outputs } = await update({ promotion: ONE, abandoned: 1 }, { requested: TWO });
    deepStrictEqual([turn(resources, "testnet"), outputs.abandoned], ["2", undefined]);
  });
});
