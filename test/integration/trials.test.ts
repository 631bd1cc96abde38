import { wrongClocks } from "../support/trials/clocks";
import { impossibleLayers } from "../support/trials/layers";
import type { Trial } from "../support/trials/trial";
import { disagreeingViews } from "../support/trials/views";

/** Trials of public bug reports: the report's id in test/fixtures/trials, what is right, and how it is tried. */
const TRIALS: readonly (readonly [id: string, right: string, trial: Trial])[] = [
  ["T40", "layers that cannot be pass no smoke test, and the simmer does not believe them", impossibleLayers],
  ["T41", "layers count by the nodes' clock, and a wrong clock of this machine is named", wrongClocks],
  ["T42", "views that disagree with the nodes fail, and say by how much", disagreeingViews],
];

describe("trials of public bug reports", () => {
  for (const [id, right, trial] of TRIALS) it(`${id}: ${right}`, trial);
});
