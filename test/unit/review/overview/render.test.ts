import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { stripVTControlCharacters } from "node:util";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import { channelEndpoints, hostsOf, networkEndpoints } from "../../../../infra/base/model/endpoints";
import type { ListedChannel, ListedNetwork, Overview } from "../../../../infra/review/overview/model";
import { ageOf, renderOverview, shortHosts, wrapped } from "../../../../infra/review/overview/render";
import { mendable } from "../../../support/failures";
import { settingsWith } from "../../../support/settings";

const NOW = "2026-03-10T12:00:00.000Z";
const SETTINGS = settingsWith({ poets: 2 });

function network(tag: string, changes: Partial<ListedNetwork> = {}): ListedNetwork {
  const endpoints = networkEndpoints(parseBuildTag(tag), 2, SETTINGS);
  return {
    tag,
    state: "complete",
    openedAt: "2026-03-07T11:00:00Z",
    holds: [],
    page: endpoints.page,
    hosts: hostsOf(endpoints),
    next: { action: "nothing", why: "nothing is to be done", commands: [] },
    unread: [],
    ...changes,
  };
}

function channel(name: string, changes: Partial<ListedChannel> = {}): ListedChannel {
  const endpoints = channelEndpoints(name, 0, SETTINGS);
  const next = { action: "nothing" as const, why: "it points to v1.2.3+1", commands: [] };
  return { name, page: endpoints.page, hosts: hostsOf(endpoints), next, unread: [], ...changes };
}

const SIMMER = {
  verdict: "healthy" as const,
  since: "2026-03-08T00:00:00.000Z",
  day: 3.4,
  days: 7,
  missing: [],
  isWatched: true,
};

const EVERYTHING: Overview = {
  schema: 1,
  at: NOW,
  networks: [
    network("v1.2.4+12", {
      state: "unknown",
      openedAt: undefined,
      unread: [{ what: "stack 1_2_4_12", code: "StateUnreadable", why: "it is locked", fix: "Wait for it." }],
      next: { action: "look", why: "its stack cannot be read", commands: ["pulumi stack --stack 1_2_4_12"] },
    }),
    network("v1.2.4+11", {
      simmer: SIMMER,
      next: { action: "wait", why: "it simmers", commands: [], at: "2026-03-14T02:00:00.000Z" },
    }),
    network("v1.2.3+1", {
      simmer: { ...SIMMER, day: 7, certifiedAt: NOW },
      holds: [{ channel: "testnet", why: "testnet points to v1.2.3+1" }],
    }),
    network("v1.2.2+1", {
      state: "complete",
      holds: [
        { channel: "testnet", why: "replaced in testnet by v1.2.3 (v1.2.3+1)", until: "2026-03-11T09:30:00.000Z" },
      ],
      next: {
        action: "retire",
        why: "no channel needs it then",
        commands: ["smeshnet retire --due"],
        at: "2026-03-11T09:30:00.000Z",
      },
    }),
    network("v1.2.1+1", { state: "not deployed", openedAt: undefined }),
  ],
  channels: [
    channel("testnet", {
      current: { release: "v1.2.3", tag: "v1.2.3+1", generation: 4 },
      movedAt: "2026-03-10T09:30:00Z",
      moving: { release: "v1.2.4", tag: "v1.2.4+11", generation: 5 },
    }),
    channel("stagenet", {
      abandoned: { release: "v1.2.2", tag: "v1.2.2+1", generation: 1, reason: "it died", at: "2026-03-10T09:30:00Z" },
    }),
  ],
  others: [{ stack: "oldnet", next: { action: "look", why: "no setting names it", commands: ["pulumi stack"] } }],
  unread: [{ what: "the tags of the node repository", code: "GitFailed", why: "no answer", fix: "Check the URL." }],
};

const printed = (width: number, colour = false) => renderOverview(EVERYTHING, { width, colour });

describe("renderOverview", () => {
  it("shows every network and channel with what holds it and what comes next, in 80 columns", () => {
    deepStrictEqual(printed(80), [
      "NETWORK    STATE         DAY       VERDICT             AGE",
      "v1.2.4+12  unknown",
      "  FAIL   stack 1_2_4_12: it is locked (StateUnreadable). Wait for it.",
      "  next   its stack cannot be read",
      "         $ pulumi stack --stack 1_2_4_12",
      "v1.2.4+11  complete      3.4 of 7  healthy             3 d",
      "  names  1_2_4_11.net.spacemesh.io",
      "         {api,explorer,dash,poet-1,poet-2}-v1-2-4-11.net.spacemesh.io",
      "  next   wait until 2026-03-14 02:00 UTC: it simmers",
      "v1.2.3+1   complete      7.0 of 7  healthy, certified  3 d",
      "  names  1_2_3_1.net.spacemesh.io",
      "         {api,explorer,dash,poet-1,poet-2}-v1-2-3-1.net.spacemesh.io",
      "  held   testnet points to v1.2.3+1",
      "  next   nothing",
      "v1.2.2+1   complete                not watched         3 d",
      "  names  1_2_2_1.net.spacemesh.io",
      "         {api,explorer,dash,poet-1,poet-2}-v1-2-2-1.net.spacemesh.io",
      "  held   replaced in testnet by v1.2.3 (v1.2.3+1), until 2026-03-11 09:30 UTC",
      "  next   from 2026-03-11 09:30 UTC on: no channel needs it then",
      "         $ smeshnet retire --due",
      "v1.2.1+1   not deployed",
      "",
      "CHANNEL   POINTS TO          GENERATION  AGE",
      "testnet   v1.2.3 (v1.2.3+1)  4           2 h",
      "  names  test.net.spacemesh.io {api,explorer,dash}.test.net.spacemesh.io",
      "  moves  to v1.2.4 (v1.2.4+11), generation 5",
      "  next   nothing",
      "stagenet  nothing",
      "  names  stage.net.spacemesh.io {api,explorer,dash}.stage.net.spacemesh.io",
      "  ended  generation 1, v1.2.2 (v1.2.2+1), was given up: it died",
      "  next   nothing",
      "",
      "OTHER STACK",
      "oldnet",
      "  next   no setting names it",
      "         $ pulumi stack",
      "",
      "  FAIL   the tags of the node repository: no answer (GitFailed). Check the URL.",
    ]);
  });

  it("shows how a deployment failed, and where its log is", () => {
    const networks = [
      network("v1.2.3+1", {
        state: "incomplete",
        failure: mendable({ tag: "v1.2.3+1" }),
        supersededBy: { tag: "v1.2.3+2", why: "it crashed" },
      }),
    ];
    const lines = renderOverview({ ...EVERYTHING, networks, channels: [], others: [] }, { width: 200, colour: false });
    deepStrictEqual(lines.slice(3, 6), [
      "  failed network: The network is not complete: there is no cluster (quota). (NetworkIncomplete)",
      "  log    https://github.com/spacemeshos/go-spacemesh/actions/runs/7",
      "  newer  v1.2.3+2 supersedes it: it crashed",
    ]);
  });

  it("fits every width from 80 columns on, and joins what a wider terminal has room for", () => {
    for (let width = 80; width <= 200; width += 1) {
      const longest = Math.max(...printed(width).map((line) => line.length));
      ok(longest <= width, `${longest} of ${width}`);
    }
    ok(printed(200).length < printed(80).length);
  });

  it("breaks no command and no host, however narrow the terminal", () => {
    const lines = printed(20);
    for (const whole of ["$ pulumi stack --stack 1_2_4_12", "1_2_4_11.net.spacemesh.io", "$ smeshnet retire --due"])
      ok(
        lines.some((line) => line.trim().endsWith(whole)),
        whole,
      );
  });

  it("colours words for a terminal only, without a change to the layout", () => {
    ok(!printed(80).join("\n").includes("\u001b"));
    const coloured = printed(80, true);
    ok(coloured.join("\n").includes("\u001b[32mhealthy"));
    deepStrictEqual(coloured.map(stripVTControlCharacters), printed(80));
  });

  it("says so when there is nothing", () => {
    const empty = { ...EVERYTHING, networks: [], channels: [], others: [], unread: [] };
    deepStrictEqual(renderOverview(empty, { width: 80, colour: false }), ["nothing is deployed yet"]);
  });
});

describe("shortHosts", () => {
  it("joins hosts that differ in their service, and leaves others", () => {
    strictEqual(
      shortHosts(["test.net.io", "api.test.net.io", "dash.test.net.io", "explorer-x.io"]),
      "test.net.io {api,dash}.test.net.io explorer-x.io",
    );
  });
});

describe("ageOf", () => {
  it("shows an age below two hours in minutes, and no negative one", () => {
    const ages = ["2026-03-10T10:01:00Z", "2026-03-10T12:00:30Z", "2026-03-08T12:01:00Z", "2026-03-08T12:00:00Z"];
    deepStrictEqual(
      ages.map((age) => ageOf(age, Date.parse(NOW))),
      ["119 min", "0 min", "47 h", "2 d"],
    );
    strictEqual(ageOf(undefined, 0), "");
  });
});

describe("wrapped", () => {
  it("breaks at spaces only", () => {
    deepStrictEqual(wrapped("one two a-very-long-word three", 8), ["one two", "a-very-long-word", "three"]);
  });
});
