import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WrongOptions } from "../../../sandbox/home";
import { withPrograms } from "../../../sandbox/own-programs";

const NODE = "spacemeshos/go-spacemesh";

describe("withPrograms", () => {
  let folder: string;
  const file = (name: string, content: string | Buffer, mode = 0o755): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  /** An ELF file's start for a machine, little endian. */
  const elf = (machine: number): Buffer => {
    const start = Buffer.alloc(64);
    start.write("\x7fELF", "latin1");
    start.writeUInt16LE(machine, 18);
    return start;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "programs-"));
    mkdirSync(join(folder, "lib"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("adds an executable with its libraries and its post service, and keeps the others", () => {
    const [path, postService] = [file("node", "#!/bin/sh\n"), file("post", "#!/bin/sh\n")];
    const poet = { path: "/poet" };
    const option = `${NODE}=${path},library=${folder}/lib,post-service=${postService}`;
    deepStrictEqual(withPrograms({ "spacemeshos/poet": poet }, [option]), {
      "spacemeshos/poet": poet,
      [NODE]: { path, library: join(folder, "lib"), postService },
    });
  });

  it("takes an executable for this machine's processor", () => {
    const path = file("elf", elf({ x64: 62, arm64: 183 }[process.arch as "x64"] ?? 0));
    strictEqual(withPrograms({}, [`${NODE}=${path}`])[NODE]?.path, path);
  });

  it("forgets an executable", () => {
    deepStrictEqual(withPrograms({ [NODE]: { path: "/node" } }, [`${NODE}=none`]), {});
  });

  it("says in one line what is wrong, with the fix", () => {
    const script = file("script", "#!/bin/sh\n");
    const wrong: readonly (readonly [string, RegExp])[] = [
      [NODE, /is not REPOSITORY=PATH.*Write it as spacemeshos/],
      [`${NODE}=`, /is not REPOSITORY=PATH/],
      [`=${script}`, /is not REPOSITORY=PATH/],
      [`Not An Image=${script}`, /is not REPOSITORY=PATH/],
      [`${NODE}=${folder}/missing`, /missing does not exist\. Build/],
      [`${NODE}=${folder}`, /is a folder\. Name the executable/],
      [`${NODE}=${file("plain", "#!/bin/sh\n", 0o644)}`, /plain is not executable\. Run `chmod \+x/],
      [`${NODE}=${file("text", "hello")}`, /text is neither a Linux executable nor a script/],
      [`${NODE}=${file("empty", "")}`, /empty is neither/],
      [`${NODE}=${file("other", elf(8))}`, /other is for another processor/],
      [`${NODE}=${script},library=${script}`, /script is not a folder\. Name the folder/],
      [`${NODE}=${script},post-service=${folder}/none`, /none does not exist/],
      [`${NODE}=${script},libary=${folder}`, /"libary=.*" in --program .* is neither library=FOLDER nor/],
    ];
    for (const [option, message] of wrong) {
      throws(
        () => withPrograms({}, [option]),
        (error) => {
          if (!(error instanceof WrongOptions) || error.message.includes("\n") || !message.test(error.message))
            throw error;
          return true;
        },
        option,
      );
    }
  });
});
