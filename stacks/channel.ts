import * as pulumi from "@pulumi/pulumi";
import { Branch } from "../components/branch";
import { Announcement } from "../components/channel/announcement";
import { ChannelDns } from "../components/channel/dns";
import { ChannelPage } from "../components/channel/page";
import { ChannelProof } from "../components/channel/proof";
import { SimmerGate } from "../components/channel/simmer-gate";
import { edge as edgeOf } from "../components/edge";
import { announcementOf } from "../infra/base/model/announcement";
import { parseBuildTag, stackName } from "../infra/base/model/build-tag";
import { channelEndpoints, channelGateway, type Endpoints } from "../infra/base/model/endpoints";
import type { NetworkFacts } from "../infra/base/model/network-facts";
import type { ChannelState, Promotion } from "../infra/base/model/promotion";
import type { Settings } from "../infra/base/model/settings";
import type { Versions } from "../infra/base/model/versions";
import { renderInfoPage } from "../infra/deploy/info-page/render";
import { advance, replacedAfter } from "../infra/promote/advance";

/**
 * A channel: which network its names, page and branch lead to. Where it points is read from its own outputs, so that a
 * preview in any checkout shows what is; a promotion is handed in by scripts/promote.ts.
 * @param name of the channel and its stack, e.g. `testnet`
 * @param given the promotion to go on to, if any
 */
export async function channel(
  name: string,
  settings: Settings,
  given: Promotion | undefined,
): Promise<Record<string, unknown>> {
  const own = new pulumi.StackReference("channel", { name });
  const has = (await outputsOf(own)) as ChannelState;
  const { promotion, previous } = advance(name, has, given);

  const tag = parseBuildTag(promotion.tag);
  const network = new pulumi.StackReference("network", { name: stackName(tag) });
  const facts = network.requireOutput("facts") as pulumi.Output<NetworkFacts>;
  const manifest = network.requireOutput("manifest") as pulumi.Output<Versions>;
  const genesisId = network.requireOutput("genesisId") as pulumi.Output<string>;
  const of = (await network.getOutputDetails("endpoints")).value as Endpoints | undefined;
  if (!of)
    throw new pulumi.RunError(`${promotion.tag} is not complete, and ${name} cannot point to it: deploy it first`);
  const endpoints = channelEndpoints(name, of.poets.length, settings);
  const target = of.apiHost;
  const edge = edgeOf(settings);
  const { release, reason } = promotion;

  const gate = new SimmerGate("gate", promotion);
  const dns = new ChannelDns(
    "dns",
    {
      channel: name,
      endpoints,
      gateway: channelGateway(name, settings),
      target,
      zoneId: settings.zoneId,
      ttl: settings.dnsTtl,
    },
    { dependsOn: gate },
  );
  const html = pulumi.all([facts, manifest, genesisId]).apply(([facts, manifest, genesisId]) =>
    renderInfoPage({
      tag,
      manifest,
      endpoints,
      facts,
      genesisId,
      discoveryUrl: edge.url,
      channel: { name, release, reason },
    }),
  );
  const page = new ChannelPage("page", { channel: name, edge, html }, { dependsOn: dns });
  const proof = new ChannelProof(
    "moved",
    {
      channel: name,
      generation: promotion.generation,
      endpoints,
      target,
      genesisId,
      html,
      edge,
      readyTimeout: settings.readyTimeout,
    },
    { dependsOn: page },
  );
  const branch = new Branch(
    name,
    { branch: name, repository: settings.nodeRepository, tag: release },
    { dependsOn: proof },
  );
  const announcement = new Announcement(
    "announcement",
    { channel: name, input: announcementOf(promotion, endpoints), archive: settings.archive },
    { dependsOn: branch },
  );

  return {
    schema: 1,
    network: stackName(tag),
    generation: promotion.generation,
    promotion,
    ...(previous ? { previous } : {}),
    replaced: replacedAfter(has, promotion),
    endpoints,
    ttl: settings.dnsTtl,
    movedAt: proof.movedAt,
    commit: branch.commit,
    announcement: announcement.state, // the last step: none of these is stored before it is done
  };
}

async function outputsOf(stack: pulumi.StackReference): Promise<Record<string, unknown>> {
  const names = ["promotion", "previous", "replaced"];
  const details = await Promise.all(names.map((name) => stack.getOutputDetails(name)));
  return Object.fromEntries(names.map((name, i) => [name, details[i]?.value]));
}
