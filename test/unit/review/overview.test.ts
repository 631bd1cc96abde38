import { deepStrictEqual } from "node:assert";
import { renderOverview } from "../../../infra/review/overview";

const NOW = Date.parse("2026-03-10T12:00:00Z");

describe("renderOverview", () => {
  it("shows networks and channels in columns, with their age in whole units", () => {
    const lines = renderOverview(
      {
        networks: [
          {
            tag: "v1.2.3+1",
            stage: "complete",
            openedAt: "2026-03-07T11:00:00Z",
            page: "http://1_2_3_1.net.spacemesh.io/",
            channels: ["testnet"],
          },
          { tag: "v1.2.2+10", stage: "not deployed", page: "http://1_2_2_10.net.spacemesh.io/", channels: [] },
        ],
        channels: [
          {
            name: "testnet",
            current: { release: "v1.2.3", tag: "v1.2.3+1", generation: 4 },
            movedAt: "2026-03-10T09:30:00Z",
            page: "https://test.net.spacemesh.io/",
          },
          { name: "stagenet", page: "https://stage.net.spacemesh.io/" },
        ],
      },
      NOW,
    );
    deepStrictEqual(lines, [
      "NAME       POINTS TO          STATE              AGE  ADDRESS",
      "v1.2.3+1                      complete, testnet  3 d  http://1_2_3_1.net.spacemesh.io/",
      "v1.2.2+10                     not deployed            http://1_2_2_10.net.spacemesh.io/",
      "testnet    v1.2.3 (v1.2.3+1)  generation 4       2 h  https://test.net.spacemesh.io/",
      "stagenet   nothing                                    https://stage.net.spacemesh.io/",
    ]);
  });

  it("shows an age below two hours in minutes, and no negative one", () => {
    const network = (openedAt: string) => ({
      networks: [{ tag: "v1.2.3+1", stage: "incomplete" as const, openedAt, page: "P", channels: [] }],
      channels: [],
    });
    const ageAt = (openedAt: string) =>
      /incomplete {2}(.*\S) +P$/.exec(renderOverview(network(openedAt), NOW)[1] ?? "")?.[1];
    deepStrictEqual(["2026-03-10T10:01:00Z", "2026-03-10T12:00:30Z", "2026-03-08T12:01:00Z"].map(ageAt), [
      "119 min",
      "0 min",
      "47 h",
    ]);
  });
});
