import { deepStrictEqual } from "node:assert";
import ts from "typescript";
import { nodesOf, parsed, placeOf, sources } from "../../support/sources";

/** The one door: what goes through it is visible. */
const DOOR = ["infra/base/cli/process.ts", "infra/base/lib/say.ts", "tap/log.ts"];

/** It catches a line of the engine's SDK, and writes none. */
const CATCHES = "policy/kept.ts";

/** Commands of this repository, not of the product. */
const isConcerned = ({ fileName }: ts.SourceFile): boolean =>
  /^(infra|tap|policy|components|stacks|scripts)\/.*\.ts$/.test(fileName) &&
  !/^scripts\/docs\//.test(fileName) &&
  ![...DOOR, CATCHES].includes(fileName);

/** Places that write to a terminal by themselves. */
const doorsIn = (source: ts.SourceFile): string[] =>
  nodesOf(source).flatMap((node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    const called = node.expression.getText();
    return /^(console\.\w+|process\.(stdout|stderr)\.(write|end))$/.test(called) ? [`${placeOf(node)} ${called}`] : [];
  });

describe("sources", () => {
  it("write to the terminal through one door", () =>
    deepStrictEqual(sources().filter(isConcerned).flatMap(doorsIn), []));

  it("are refused when they have another", () =>
    deepStrictEqual(
      doorsIn(parsed("planted.ts", 'console.log("a");\nprocess.stdout.write("b");\nprocess.stderr.write("c");')).length,
      3,
    ));
});
