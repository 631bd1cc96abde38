import { strictEqual } from "node:assert";
import { quantityIn } from "../../../../infra/base/model/quantity";

const QUANTITIES: Readonly<Record<string, number | undefined>> = {
  "2": 2,
  "1300m": 1.3,
  "0.5": 0.5,
  "250000000n": 0.25,
  "1600Mi": 1600 * 2 ** 20,
  "10Gi": 10 * 2 ** 30,
  "16331752Ki": 16331752 * 1024,
  "5G": 5e9,
  "1e3": 1000,
  "2E": 2e18,
  "": undefined,
  "-1": undefined,
  "1 Gi": undefined,
  "1Xi": undefined,
  Gi: undefined,
};

describe("a quantity of Kubernetes", () => {
  for (const [text, value] of Object.entries(QUANTITIES))
    it(`${JSON.stringify(text)} is ${value}`, () => strictEqual(quantityIn(text), value));
});
