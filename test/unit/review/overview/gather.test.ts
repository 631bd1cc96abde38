import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { recordAbandonment, recordAbandonmentEnd, writeDown } from "../../../../infra/base/channel/records";
import type { Exported } from "../../../../infra/base/engine/state";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import type { DeploymentFailure } from "../../../../infra/base/model/deployment-failure";
import type { ChannelState } from "../../../../infra/base/model/promotion";
import type { Superseded } from "../../../../infra/base/model/trailers";
import { complaintOf } from "../../../../infra/review/overview/complaint";
import { gather } from "../../../../infra/review/overview/gather";
import type { ListedNetwork, Overview } from "../../../../infra/review/overview/model";
import { type Sources, stackOfUpdate } from "../../../../infra/review/overview/sources";
import { mendable } from "../../../support/failures";
import { NETWORK, THRESHOLDS } from "../../../support/judged";
import { promotion } from "../../../support/promotions";
import { settingsWith } from "../../../support/settings";
import { WatchedNetwork } from "../../../support/watched";

const SETTINGS = settingsWith({ channels: ["testnet"], poets: 1, retireAfter: 24, nodeRepository: "file:///node.git" });
const COMMIT = "a".repeat(40);
const OTHER = "b".repeat(40);
const OPENED = "2026-01-01T00:00:00Z";
const MOVED = "2026-01-01T00:30:00Z";
const DONE = ["devnext", "history", "network", "smoke", "guard"];

/** A state with some steps, and with outputs when it is complete. */
function stack(
  steps: readonly string[],
  outputs: Readonly<Record<string, unknown>> = {},
  supersedes?: Superseded,
): Exported {
  const printed: Record<string, unknown> = { devnext: { commit: COMMIT, supersedes }, history: { openedAt: OPENED } };
  const resources = steps.map((name) => ({
    urn: `urn:pulumi:s::smeshnet::smeshnet:components:Step$command:local:Command::${name}`,
    type: "command:local:Command",
    outputs: { stdout: JSON.stringify(printed[name] ?? {}) },
  }));
  const root = { urn: "urn:pulumi:s::smeshnet::pulumi:pulumi:Stack::s", type: "pulumi:pulumi:Stack", outputs };
  return { deployment: { resources: [root, ...resources] } };
}

const complete = (genesisId = "bb") => stack(DONE, { genesisId });
const channel = (state: ChannelState) => stack([], { ...state });

/** A backend, a store and a node repository in memory, in which v1.2.3+1 was watched for some layers. */
class Backend {
  readonly stacks = new Map<string, Exported | UserError>([["edge", stack([])]]);
  readonly tags = new Map(["v1.2.2+1", "v1.2.3+1", "v1.2.4+1"].map((tag) => [`refs/tags/${tag}`, COMMIT]));
  readonly updating = new Set<string>();
  readonly failures = new Map<string, DeploymentFailure>();
  readonly world = WatchedNetwork.make();
  readonly reads: string[] = [];
  mostAtOnce = 0;
  isRepositoryAway = false;
  isEdgeAway = false;
  private atOnce = 0;

  readonly sources: Sources = {
    stacks: async () => [...this.stacks.keys()],
    state: async (name) => {
      this.reads.push(name);
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
      await new Promise(setImmediate);
      this.atOnce -= 1;
      const found = this.stacks.get(name);
      if (found instanceof UserError) throw found;
      return found;
    },
    updating: async () => this.updating,
    failures: async () => {
      this.reads.push("failures");
      if (this.isEdgeAway) throw new UserError("ServiceSilent", "The edge answers 500.", "Deploy the edge again.");
      return this.failures;
    },
    tags: async () => {
      if (this.isRepositoryAway) throw new UserError("GitFailed", "The repository is away.", "Check the URL.");
      return this.tags;
    },
    store: () => this.world.store,
  };

  async watched(layers: number): Promise<void> {
    const terms = { network: NETWORK, thresholds: THRESHOLDS, days: 2, day: 600 };
    await this.world.looks(await this.world.watcher("v1.2.3+1", { terms }), layers);
  }

  look(): Promise<Overview> {
    return gather(SETTINGS, this.sources, runWith({ clock: this.world.run.clock }));
  }

  async network(tag = "v1.2.3+1"): Promise<ListedNetwork> {
    const found = (await this.look()).networks.find((one) => one.tag === tag);
    ok(found);
    return found;
  }
}

const LOCKED = new UserError("StateUnreadable", "The state of stack 1_2_3_2 cannot be read (locked).", "Wait for it.");

describe("gather", () => {
  it("lists networks newest first, channels, and stacks that no setting names", async () => {
    const backend = new Backend();
    for (const name of ["1_2_3_1", "1_2_3_10", "oldnet", "1_10_0_1", "testnet", "1_2_3_2"])
      backend.stacks.set(name, stack([]));
    const { networks, channels, others } = await backend.look();
    deepStrictEqual(
      networks.map(({ tag }) => tag),
      ["v1.10.0+1", "v1.2.3+10", "v1.2.3+2", "v1.2.3+1"],
    );
    deepStrictEqual([channels.map(({ name }) => name), others.map(({ stack }) => stack)], [["testnet"], ["oldnet"]]);
  });

  it("describes a network that simmers, for scripts", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("aa"));
    await backend.watched(7);
    const { at, networks } = JSON.parse(JSON.stringify(await backend.look()));
    const fullAt = new Date(backend.world.now + (1200 - 810) * 1000).toISOString();
    deepStrictEqual(networks, [
      {
        tag: "v1.2.3+1",
        state: "complete",
        openedAt: OPENED,
        commit: COMMIT,
        simmer: {
          verdict: "healthy",
          since: "2026-01-01T00:40:30.000Z",
          day: 1.3,
          days: 2,
          missing: ["0.7 more days healthy or slow"],
          isWatched: true,
          watchedAt: at,
          fullAt,
        },
        holds: [],
        page: "http://1_2_3_1.net.spacemesh.io/",
        hosts: [
          "1_2_3_1.net.spacemesh.io",
          "api-v1-2-3-1.net.spacemesh.io",
          "explorer-v1-2-3-1.net.spacemesh.io",
          "dash-v1-2-3-1.net.spacemesh.io",
          "poet-1-v1-2-3-1.net.spacemesh.io",
        ],
        next: { action: "wait", why: "it simmers; it lacks 0.7 more days healthy or slow", commands: [], at: fullAt },
        unread: [],
      },
    ]);
  });

  it("tells a simmer that nobody watches any more from one that is watched", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("aa"));
    await backend.watched(7);
    backend.world.now += 89_000; // three intervals of 30 s are no trouble
    strictEqual((await backend.network()).simmer?.isWatched, true);
    backend.world.now += 2_000;
    deepStrictEqual((await backend.network()).next.commands, ["smeshnet simmer watch"]);
  });

  it("takes the log of this life of a tag, not of one before", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("cc"));
    await backend.watched(7);
    deepStrictEqual((await backend.network()).next.action, "watch");
  });

  it("tells the next build that is free, by tags and stacks", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", stack(["devnext", "network"]));
    deepStrictEqual((await backend.network()).next.commands[0], "git tag v1.2.3+2");
    backend.tags.set("refs/tags/v1.2.3+2", COMMIT);
    deepStrictEqual((await backend.network()).next.commands, ["smeshnet deploy v1.2.3+2"]);
    backend.stacks.set("1_2_3_2", stack(["devnext", "network"]));
    deepStrictEqual((await backend.network()).next.action, "retire");
    deepStrictEqual((await backend.network("v1.2.3+2")).next.commands[0], "git tag v1.2.3+3");
  });

  it("says how a deployment failed and what mends it, and asks the edge only about networks that are not complete", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("aa"));
    for (const tag of ["v1.2.3+1", "v1.2.3+2"]) backend.failures.set(tag, mendable({ tag }));
    strictEqual((await backend.network()).failure, undefined);
    deepStrictEqual(backend.reads, ["1_2_3_1"]);
    backend.stacks.set("1_2_3_2", stack([]));
    const { failure, next } = await backend.network("v1.2.3+2");
    deepStrictEqual([failure?.cause.step, next.action], ["network", "deploy"]);
    strictEqual((await backend.network()).failure, undefined, "the network was completed since");
    backend.stacks.delete("edge");
    strictEqual((await backend.network("v1.2.3+2")).next.action, "nothing");
  });

  it("says which build took the place of another one, and why", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", stack(["devnext"]));
    backend.stacks.set("1_2_3_2", stack(["devnext"], {}, { tag: "v1.2.3+1", why: "it crashed" }));
    deepStrictEqual((await backend.network()).supersededBy, { tag: "v1.2.3+2", why: "it crashed" });
    strictEqual((await backend.network("v1.2.3+2")).supersededBy, undefined);
  });

  it("shows the rest when the edge does not answer, and says so", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", stack(["devnext"]));
    backend.isEdgeAway = true;
    const { networks, unread } = await backend.look();
    deepStrictEqual(
      [networks[0]?.next.action, unread.map(({ what }) => what)],
      ["deploy", ["the failures at the edge"]],
    );
  });

  it("says that a deployment runs where this machine runs it", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", stack(["devnext", "network"]));
    backend.updating.add("1_2_3_1");
    strictEqual((await backend.network()).state, "being deployed");
  });

  it("finds a tag that moved, also behind an annotated tag", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("aa"));
    backend.tags.set("refs/tags/v1.2.3+1", OTHER).set("refs/tags/v1.2.3+1^{}", COMMIT);
    strictEqual((await backend.network()).next.action, "watch");
    backend.tags.set("refs/tags/v1.2.3+1^{}", OTHER);
    strictEqual((await backend.network()).next.action, "fix");
  });

  describe("with a channel that moved from v1.2.2+1 to v1.2.3+1", () => {
    const state: ChannelState = {
      network: "1_2_3_1",
      promotion: promotion(2, "v1.2.3"),
      previous: promotion(1, "v1.2.2"),
      movedAt: MOVED,
      replaced: ["v1.2.2+1"],
      ttl: 60,
    };

    async function moved(changes: Partial<ChannelState> = {}): Promise<Backend> {
      const backend = new Backend();
      backend.stacks.set("testnet", channel({ ...state, ...changes }));
      for (const name of ["1_2_2_1", "1_2_3_1", "1_2_4_1"]) backend.stacks.set(name, complete());
      await writeDown(backend.world.store, promotion(1, "v1.2.2"));
      await writeDown(backend.world.store, promotion(2, "v1.2.3"));
      return backend;
    }

    it("says what holds each network, and until when", async () => {
      const { networks, channels } = await (await moved()).look();
      const until = "2026-01-02T00:30:00.000Z";
      deepStrictEqual(
        networks.map(({ holds }) => holds),
        [
          [],
          [{ channel: "testnet", why: "testnet points to v1.2.3+1" }],
          [{ channel: "testnet", why: "replaced in testnet by v1.2.3 (v1.2.3+1)", until }],
        ],
      );
      deepStrictEqual(networks[2]?.next, {
        action: "retire",
        why: "no channel needs it then",
        commands: ["smeshnet retire --due"],
        at: until,
      });
      deepStrictEqual(channels[0]?.current, { release: "v1.2.3", tag: "v1.2.3+1", generation: 2 });
    });

    it("holds a network as long as DNS caches may lead to it, without a count of seconds that each look changes", async () => {
      const backend = await moved({ movedAt: OPENED, replaced: [] });
      backend.world.now = Date.parse(OPENED) + 20_000;
      const why = "testnet may still lead to v1.2.2+1 in DNS caches";
      deepStrictEqual((await backend.network("v1.2.2+1")).holds, [
        { channel: "testnet", why, until: "2026-01-01T00:01:00.000Z" },
      ]);
    });

    it("holds a network to which a promotion is on its way", async () => {
      const backend = await moved();
      await writeDown(backend.world.store, promotion(3, "v1.2.4"));
      const { channels, networks } = await backend.look();
      deepStrictEqual(channels[0]?.moving, { release: "v1.2.4", tag: "v1.2.4+1", generation: 3 });
      deepStrictEqual(channels[0]?.next.commands, ["smeshnet promote v1.2.4 --channel testnet"]);
      deepStrictEqual(networks[0]?.holds, [
        { channel: "testnet", why: "testnet is moving to v1.2.4+1 (generation 3, v1.2.4 (v1.2.4+1))" },
      ]);
    });

    it("tells a promotion that was given up: the channel stays, and its network is left to people", async () => {
      const backend = await moved();
      const three = promotion(3, "v1.2.4");
      await writeDown(backend.world.store, three);
      const { release, tag, generation } = three;
      const given = { channel: "testnet", release, tag, generation, reason: "it died" };
      await recordAbandonment(backend.world.store, { schema: 1, ...given, at: MOVED });
      const half = (await backend.look()).channels[0];
      deepStrictEqual([half?.moving, half?.abandoned?.reason], [undefined, "it died"]);
      deepStrictEqual(half?.next.commands, ["smeshnet promote v1.2.4 --channel testnet --abandon TEXT"]);
      await recordAbandonmentEnd(backend.world.store, three, { schema: 1, outcome: "abandoned", at: MOVED });
      const { channels, networks } = await backend.look();
      deepStrictEqual([channels[0]?.next.action, channels[0]?.current?.generation], ["nothing", 2]);
      match(networks[0]?.next.why ?? "", /^testnet gave up its promotion \(it died\); look at it/);
    });

    it("leaves a network that a demotion left to people", async () => {
      const back = promotion(3, "v1.2.2", { kind: "demotion" });
      const backend = await moved({ network: "1_2_2_1", promotion: back, previous: state.promotion, replaced: [] });
      await writeDown(backend.world.store, back);
      const { why, commands } = (await backend.network()).next;
      deepStrictEqual(
        [why, commands],
        ["testnet went back from it; look at it, then retire it", ["smeshnet retire v1.2.3+1 --why TEXT"]],
      );
    });

    it("asks about an announcement in doubt", async () => {
      const backend = await moved();
      const intent = { release: "v1.2.3", tag: "v1.2.3+1", kind: "promotion", at: MOVED };
      const payload = { embeds: [{ title: "Spacemesh testnet: v1.2.3" }] };
      const key = "announcements/testnet/2/intent-1.json";
      await backend.world.store.put(key, JSON.stringify({ ...intent, payload }));
      strictEqual((await backend.look()).channels[0]?.next.action, "settle");
    });

    it("says when the store is not the channel's, and advises nothing that depends on it", async () => {
      const backend = await moved();
      backend.world.store.objects.clear();
      const { channels, networks } = await backend.look();
      deepStrictEqual([channels[0]?.unread[0]?.code, channels[0]?.next.action], ["StoreOfOthers", "look"]);
      deepStrictEqual(
        networks.map(({ next }) => next.action),
        ["look", "nothing", "look"],
      );
    });
  });

  it("names what cannot be read in its row, shows the rest, and fails in the end", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", stack(["devnext"]));
    backend.stacks.set("1_2_3_2", LOCKED);
    const overview = await backend.look();
    deepStrictEqual(
      overview.networks.map(({ tag, state, unread }) => [tag, state, unread.map(({ what }) => what)]),
      [
        ["v1.2.3+2", "unknown", ["stack 1_2_3_2"]],
        ["v1.2.3+1", "incomplete", []],
      ],
    );
    const complaint = complaintOf(overview);
    deepStrictEqual([complaint?.code, complaint?.exitCode], ["OverviewIncomplete", 1]);
    ok(complaint?.what.includes("stack 1_2_3_2"));
  });

  it("advises nothing about a network while a channel or its simmer cannot be read", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("aa")).set("testnet", LOCKED);
    await backend.watched(14);
    const { why, action } = (await backend.network()).next;
    deepStrictEqual([action, why], ["look", "unknown, since stack testnet cannot be read"]);
    backend.stacks.delete("testnet");
    deepStrictEqual((await backend.network()).next.action, "certify");
    backend.world.store.isAway = true;
    deepStrictEqual(
      (await backend.network()).next.why,
      "unknown, since the promotions of testnet and the simmer log of v1.2.3+1 cannot be read",
    );
  });

  it("goes without the tags when the node repository is away, and says so", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete("aa"));
    backend.isRepositoryAway = true;
    const overview = await backend.look();
    deepStrictEqual(
      [overview.networks[0]?.next.action, overview.unread.map(({ code }) => code)],
      ["watch", ["GitFailed"]],
    );
  });

  it("reads a few stacks at a time, and each once", async () => {
    const backend = new Backend();
    for (let build = 1; build <= 20; build += 1) backend.stacks.set(`1_2_3_${build}`, complete());
    await backend.look();
    strictEqual(backend.reads.length, 20);
    ok(backend.mostAtOnce > 1 && backend.mostAtOnce <= 4, `${backend.mostAtOnce}`);
  });

  it("ends with an interrupt instead of rows that say it", async () => {
    const backend = new Backend();
    backend.stacks.set("1_2_3_1", complete());
    await rejects(gather(SETTINGS, backend.sources, runWith({ signal: AbortSignal.abort("SIGINT") })));
  });
});

describe("stackOfUpdate", () => {
  it("finds the stack of an engine that updates, and no other", () => {
    const rest = "--client=127.0.0.1:1 --exec-kind auto.inline";
    deepStrictEqual(
      [
        `pulumi up --yes --skip-preview ${rest} --stack 1_2_3_1 --non-interactive`,
        "/opt/bin/pulumi destroy --yes --stack acme/smeshnet/1_2_3_2",
        `pulumi preview ${rest} --stack 1_2_3_1`,
        "pulumi stack export --stack 1_2_3_1",
        "vim pulumi up --stack 1_2_3_1",
      ].map(stackOfUpdate),
      ["1_2_3_1", "1_2_3_2", undefined, undefined, undefined],
    );
  });
});
