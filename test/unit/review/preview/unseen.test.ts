import { strictEqual } from "node:assert";
import { settingsOfProject } from "../../../../infra/base/engine/project";
import { variableOf } from "../../../../infra/base/model/settings";
import { PLACEHOLDERS } from "../../../../infra/review/preview/unseen";

describe("the placeholders of a pull request from a fork", () => {
  for (const driver of ["spacecraft", "kubernetes"])
    it(`complete the project's settings for the driver ${driver}`, async () => {
      const given = Object.entries({ ...PLACEHOLDERS, driver }).map(([key, value]) => [variableOf(key), value]);
      strictEqual((await settingsOfProject(Object.fromEntries(given))).driver, driver);
    });
});
