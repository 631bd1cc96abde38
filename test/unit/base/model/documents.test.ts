import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { AnnouncementInput, announcementOf } from "../../../../infra/base/model/announcement";
import { ChannelList, channelNamed } from "../../../../infra/base/model/channel";
import { ListedEntry } from "../../../../infra/base/model/network-list";
import { NetworkSpec, networkSpec } from "../../../../infra/base/model/network-spec";
import { overtaken, Promotion, reasonAs } from "../../../../infra/base/model/promotion";
import { COMPONENTS, versionsOf } from "../../../../infra/base/model/versions";
import { isRefusal, refuses } from "../../../support/errors";
import { SAMPLE_NETWORK } from "../../../support/sample-network";
import { settingsWith } from "../../../support/settings";

const { tag, endpoints } = SAMPLE_NETWORK;
const settings = settingsWith();
const SPEC = networkSpec(tag, settings, versionsOf(tag, settings.versions));
const PROMOTION = Promotion.parse({
  schema: 1,
  channel: "testnet",
  generation: 4,
  kind: "promotion",
  release: "v1.2.3",
  tag: "v1.2.3+1",
  commit: "0".repeat(40),
  reason: "fixes the sync stall",
  changes: "",
});

describe("NetworkSpec", () => {
  it("reads what networkSpec makes, and ignores unknown keys", () => {
    deepStrictEqual(NetworkSpec.parse({ ...SPEC, later: 1 }), SPEC);
  });

  it("refuses the cluster of another tag", () => {
    strictEqual(NetworkSpec.safeParse({ ...SPEC, cluster: "v1-2-3-2" }).error?.issues[0]?.path.join("."), "cluster");
  });
});

describe("ListedEntry", () => {
  it("keeps all keys of an entry, since the whole entry is compared", () => {
    const listed = { tag: "v1.2.3+1", entry: { netName: "v1.2.3+1", netID: 7, later: { a: 1 } }, more: 1 };
    deepStrictEqual(ListedEntry.parse(listed), listed);
  });
});

describe("ChannelList", () => {
  it("may be empty, but not hold a name that is not a DNS label", () => {
    deepStrictEqual(ChannelList.parse([]), []);
    throws(() => ChannelList.parse([{ name: "Testnet", gateway: "gateway.test.net.spacemesh.io" }]));
  });
});

describe("channelNamed", () => {
  it("finds a channel by its name, and the only channel without a name", () => {
    strictEqual(channelNamed("devnet", ["testnet", "devnet"]), "devnet");
    strictEqual(channelNamed(undefined, ["testnet"]), "testnet");
  });

  it("refuses an unknown name, a missing name among several channels, and settings without channels", () => {
    const both = ["testnet", "devnet"];
    refuses(() => channelNamed("x", both), "ChannelUnknown", { exitCode: 2, names: ['"x"', "testnet, devnet"] });
    const names = ["testnet, devnet", "--channel"];
    refuses(() => channelNamed(undefined, both), "ChannelAmbiguous", { exitCode: 2, names });
    refuses(() => channelNamed("testnet", []), "ChannelMissing", { exitCode: 2, names: ["smeshnet:channels"] });
  });
});

describe("AnnouncementInput", () => {
  it("reads what announcementOf makes", () => {
    const input = announcementOf(PROMOTION, endpoints);
    deepStrictEqual(AnnouncementInput.parse(input), input);
  });

  it("refuses a release that does not belong to the build tag", () => {
    const input = { ...announcementOf(PROMOTION, endpoints), release: "v1.2.4" };
    strictEqual(AnnouncementInput.safeParse(input).error?.issues[0]?.path.join("."), "release");
  });
});

describe("overtaken", () => {
  it("names both generations, and the command that shows the new plan", () => {
    const latest = { ...PROMOTION, generation: 5, release: "v1.2.4", tag: "v1.2.4+1" };
    isRefusal(overtaken(PROMOTION, 3, latest), "PromotionOvertaken", {
      names: ["testnet", "generation 5, v1.2.4 (v1.2.4+1)", "generation 3", "`smeshnet promote v1.2.3 --preview`"],
    });
    isRefusal(overtaken(PROMOTION, 3, undefined), "PromotionOvertaken", { names: ["generation 0"] });
  });
});

describe("reasonAs", () => {
  it("takes one line of text without spaces around it", () =>
    strictEqual(reasonAs("--reason", " why\u00e9 "), "why\u00e9"));

  it("refuses an empty, long or multi-line text", () => {
    for (const text of ["", "  ", "a\nb", "a\u001b[31m", "x".repeat(1001)]) {
      refuses(() => reasonAs("--reason", text), "ReasonInvalid", { exitCode: 2, names: ["--reason", "1 to 1000"] });
    }
  });
});

describe("COMPONENTS", () => {
  it("lists the components in the order of the release cycle", () => {
    deepStrictEqual(COMPONENTS, [
      ...["node", "poet", "smapp", "tap", "explorerBackend", "explorerFrontend", "dashboard", "monitoring"],
      ...["goSpacecraft", "cliWallet"],
    ]);
  });
});
