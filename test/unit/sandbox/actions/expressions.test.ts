// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub
import { strictEqual, throws } from "node:assert";
import { Expressions } from "../../../../sandbox/actions/expressions";
import { Known, opened, type Place } from "../../../../sandbox/actions/values";

const place: Place = {
  contexts: {
    github: new Known({ event_name: "push", event: opened({ inputs: { tag: "v1.2.3+1" }, labels: [{ name: "a" }] }) }),
    inputs: new Known({ tag: "v1.2.3+1", daily: false, empty: "" }),
  },
  succeeded: true,
};

describe("Expressions", () => {
  let expressions: Expressions;
  before(async () => {
    expressions = await Expressions.load();
  });
  const text = (words: string): string => expressions.text(words, place);
  const holds = (condition?: string | boolean, succeeded = true) =>
    expressions.holds(condition, { ...place, succeeded });

  it("replace each expression in a text", () => {
    strictEqual(text("group-${{ inputs.tag }}-${{ github.event_name }}"), "group-v1.2.3+1-push");
    strictEqual(text("${{ '}}' }} and ${{ format('{0}{{}}', 'x') }}"), "}} and x{}");
    strictEqual(text("$TAG stays"), "$TAG stays");
  });

  it("know the operators, and choose with && and || as GitHub's workflows do", () => {
    strictEqual(text("${{ inputs.empty || 'usual' }}"), "usual");
    strictEqual(text("${{ github.event_name == 'PUSH' && 'yes' || 'no' }}"), "yes");
    strictEqual(text("${{ !inputs.daily && 1 != 2 }}"), "true");
    strictEqual(text("${{ contains(github.event.labels.*.name, 'a') }}"), "true");
  });

  it("give an empty text for what an event may lack", () => strictEqual(text("${{ github.event.inputs.why }}|"), "|"));

  it("keep the type of a value that is one expression", () => {
    strictEqual(expressions.value("${{ inputs.daily }}", place), false);
    strictEqual(expressions.value("${{ inputs.tag }}", place), "v1.2.3+1");
    strictEqual(expressions.value("x${{ inputs.daily }}", place), "xfalse");
    strictEqual(expressions.value(5, place), 5);
  });

  it("hold a condition only after success, unless it asks for the status itself", () => {
    strictEqual(holds(), true);
    strictEqual(holds("inputs.tag != ''"), true);
    strictEqual(holds("inputs.empty"), false);
    strictEqual(holds("inputs.tag != ''", false), false);
    strictEqual(holds("always()", false), true);
    strictEqual(holds("${{ failure() && inputs.tag }}", false), true);
    strictEqual(holds(false), false);
  });

  for (const [wrong, why] of [
    ["${{ inputs.tga }}", /inputs\.tga is unknown\. Known: tag, daily, empty/],
    ["${{ github.actor }}", /github\.actor is unknown/],
    ["${{ secrets.TOKEN }}", /Unrecognized named-value: 'secrets'/],
    ["${{ hashFiles('x') }}", /Unrecognized function: 'hashFiles'/],
    ["${{ inputs.tag == }}", /Unexpected end of expression/],
    ["${{ inputs.tag }", /does not end/],
  ] as const) {
    it(`refuse ${wrong}`, () => throws(() => text(wrong), why));
  }
});
