import { deepStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { commandLine } from "../../../components/step";
import { VersionStack } from "../../support/version-stack";

describe("the command lines that stacks store", () => {
  it("have one form that never changes", () => {
    strictEqual(commandLine(["guard", "v1.2.3+1"]), "exec node scripts/smeshnet.cjs step guard v1.2.3+1");
  });

  it("pass every word through a POSIX shell as it is", () => {
    const words = ["branch", "a b", "it's", "$HOME", "", "*", "v1.2.3+1"];
    const line = commandLine(words).replace("exec node scripts/smeshnet.cjs step", "printf '%s\\n'");
    deepStrictEqual(execFileSync("sh", ["-c", line], { encoding: "utf8" }).split("\n").slice(0, -1), words);
  });

  it("are these for a version stack: a change breaks the destroy of networks that exist", async () => {
    const { commands } = await VersionStack.make({ channels: ["testnet"], poets: 1 });
    const lines = commands.flatMap(({ inputs }) => [inputs.create, inputs.delete]).filter(Boolean);
    deepStrictEqual(lines.map((line) => String(line).replace("exec node scripts/smeshnet.cjs step ", "")).sort(), [
      "archive collect v1.2.3+1",
      "archive probe",
      "branch move devnet v1.2.3+1",
      "branch move devnext v1.2.3+1",
      "discovery listed v1.2.3+1",
      "dns resolved v1.2.3+1",
      "explorer password v1.2.3+1",
      "gateway alive v1.2.3+1",
      "gateway tls v1.2.3+1",
      "guard v1.2.3+1",
      "history close v1.2.3+1",
      "history open v1.2.3+1",
      "network down v1.2.3+1",
      "network up v1.2.3+1",
      "page served v1.2.3+1",
      "poet wait poet-1",
      "smoke v1.2.3+1 --limit-layers 30",
    ]);
  });
});
