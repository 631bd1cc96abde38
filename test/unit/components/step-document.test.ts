import { deepStrictEqual } from "node:assert";
import { z } from "zod";
import { stepDocument } from "../../../components/step";
import { refuses } from "../../support/errors";

const FORM = z.object({ commit: z.string() });

describe("the document of a step", () => {
  it("stays as it was printed, with what the form does not name, since the state is compared with it", () => {
    const printed = '{"z":1,"commit":"c0ffee","a":[2]}';
    deepStrictEqual(JSON.stringify(stepDocument(printed, "devnext", FORM)), printed);
  });

  for (const printed of ["", "{", "null", "[]", "{}", '{"commit":1}', '"c0ffee"']) {
    it(`is refused as ${printed || "nothing"}, without its text, which may be secret`, () =>
      refuses(() => stepDocument(printed, "devnext", FORM), "StepDocumentInvalid", { names: ["devnext"] }));
  }
});
