import { deepStrictEqual } from "node:assert";
import { schemaWithout } from "../../../sandbox/github/slice";

describe("the slice of GitHub's description", () => {
  const of = (schema: unknown) => schemaWithout(schema, (name) => ({ $ref: `#/schemas/${name}` }));

  it("turns OpenAPI's nullable into the type null, also at a reference and in an enumeration", () => {
    deepStrictEqual(of({ type: "string", nullable: true, description: "words" }), {
      anyOf: [{ type: "string" }, { type: "null" }],
    });
    deepStrictEqual(of({ enum: ["a"], nullable: true }), { anyOf: [{ enum: ["a"] }, { type: "null" }] });
    deepStrictEqual(of({ allOf: [{ $ref: "#/components/schemas/user" }], nullable: true }), {
      anyOf: [{ allOf: [{ $ref: "#/schemas/user" }] }, { type: "null" }],
    });
  });

  it("drops words for people, but no property that is named like them", () => {
    const properties = { description: { type: "string", example: "x" }, title: { type: "string" } };
    deepStrictEqual(of({ type: "object", title: "Label", properties, required: ["description"] }), {
      type: "object",
      properties: { description: { type: "string" }, title: { type: "string" } },
      required: ["description"],
    });
  });
});
