import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { Branch } from "../components/branch";
import { Announcement } from "../components/channel/announcement";
import { ChannelDns } from "../components/channel/dns";
import { ChannelPage } from "../components/channel/page";
import { ChannelProof } from "../components/channel/proof";
import { SimmerGate } from "../components/channel/simmer-gate";
import { cloudflareProvider } from "../components/cloudflare";
import { edge as edgeOf } from "../components/edge";
import { requireGoesOn } from "../infra/base/channel/records";
import { announcementOf } from "../infra/base/model/announcement";
import { parseBuildTag, stackName } from "../infra/base/model/build-tag";
import type { Credentials } from "../infra/base/model/credentials";
import { channelEndpoints, channelGateway } from "../infra/base/model/endpoints";
import {
  type ChannelOutputs,
  type Deferred,
  isComplete,
  readOutputs,
  VersionOutputs,
} from "../infra/base/model/outputs";
import { ChannelState, type Promotion } from "../infra/base/model/promotion";
import type { Settings } from "../infra/base/model/settings";
import { CHANNEL_STEPS } from "../infra/base/model/steps";
import { openStore } from "../infra/base/store/open";
import { renderInfoPage } from "../infra/deploy/info-page/render";
import { advance, replacedAfter } from "../infra/promote/advance";

/** What a command asks of a channel's program. Without anything the program deploys what is there. */
export interface ChannelRequest {
  /** The promotion to move to; `smeshnet promote` passes it. */
  readonly requested?: Promotion;
  /** The generation that was given up, after which the channel is put back. */
  readonly abandoned?: number;
  /** For the store, which knows what was given up. */
  readonly credentials?: Credentials;
}

/**
 * A channel: which network its names, page and branch lead to. The program reads the current network from the stack's
 * own outputs, so that a preview in any checkout shows what is deployed.
 * @param name of the channel and its stack, e.g. `testnet`
 */
export async function channel(
  name: string,
  settings: Settings,
  { requested, abandoned: leaving, credentials = {} }: ChannelRequest = {},
): Promise<Deferred<ChannelOutputs>> {
  const ownOutputs = await ownOutputsOf(name);
  const { promotion, previous } = advance(name, ownOutputs, requested);
  // Under the stack's lock: whoever gives up a promotion waits for that lock after the record.
  if (requested && !pulumi.runtime.isDryRun())
    await requireGoesOn(openStore(settings.archive, credentials), ownOutputs, requested);

  // Steps run once for each move, and once more when the channel is put back: nobody knows how far the move got.
  const isStill = promotion.generation === ownOutputs.promotion?.generation;
  const abandoned = isStill ? (leaving ?? ownOutputs.abandoned) : undefined;
  const move = `${promotion.generation}${abandoned === undefined ? "" : ` after ${abandoned}`}`;

  const tag = parseBuildTag(promotion.tag);
  const edge = edgeOf(settings); // first, so that the engine reads both stacks at the same time
  const network = await networkOutputsOf(promotion.tag, name, requested?.commit);
  const endpoints = channelEndpoints(name, network.endpoints.poets.length, settings);
  const { facts, versions, genesisId, images, curves } = network;
  const target = network.endpoints.apiHost;
  const { release, reason } = promotion;

  const gate = new SimmerGate(CHANNEL_STEPS.gate, {
    promotion,
    key: settings.simmerKey,
    needed: settings.simmerDays * settings.simmerDay,
  });
  const dns = new ChannelDns(
    CHANNEL_STEPS.dns,
    {
      channel: name,
      endpoints,
      gateway: channelGateway(name, settings),
      target,
      zoneId: settings.zoneId,
      ttl: settings.dnsTtl,
    },
    { providers: [cloudflareProvider("dns")], dependsOn: gate },
  );
  const html = renderInfoPage({
    tag,
    versions,
    images,
    endpoints,
    facts,
    genesisId,
    discoveryUrl: edge.url,
    channel: { name, release, reason },
    curves,
  });
  const page = new ChannelPage(
    CHANNEL_STEPS.page,
    { channel: name, edge, html },
    { providers: [cloudflareProvider("kv")], dependsOn: dns },
  );
  const proof = new ChannelProof(
    CHANNEL_STEPS.proof,
    {
      channel: name,
      move,
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
    { branch: name, repository: settings.nodeRepository, tag: release, commit: promotion.commit, move },
    { dependsOn: proof },
  );
  const announcement = new Announcement(
    CHANNEL_STEPS.announcement,
    { channel: name, input: announcementOf(promotion, endpoints), archive: settings.archive },
    { dependsOn: branch },
  );

  return {
    schema: 1,
    network: stackName(tag),
    generation: promotion.generation,
    promotion,
    ...(previous ? { previous } : {}),
    replaced: replacedAfter(ownOutputs, promotion),
    ...(abandoned === undefined ? {} : { abandoned }),
    endpoints,
    ttl: settings.dnsTtl,
    movedAt: proof.movedAt,
    commit: branch.commit,
    announcement: announcement.state, // the last step: none of these is stored before it is done
  };
}

/** Outputs of the channel's own stack: nothing before its first promotion. */
async function ownOutputsOf(name: string): Promise<ChannelState> {
  const stack = new pulumi.StackReference("channel", { name });
  return readOutputs(ChannelState, name, await valuesOf(stack, Object.keys(ChannelState.shape)));
}

const NetworkOutputs = VersionOutputs.pick({
  endpoints: true,
  facts: true,
  versions: true,
  images: true,
  genesisId: true,
  curves: true,
});

/**
 * Outputs of the network that a channel is to point to.
 * @param commit that the network must run, when the channel moves there
 */
async function networkOutputsOf(
  tag: string,
  channel: string,
  commit: string | undefined,
): Promise<z.infer<typeof NetworkOutputs>> {
  const stack = new pulumi.StackReference("network", { name: stackName(parseBuildTag(tag)) });
  const outputs = await valuesOf(stack, [...Object.keys(NetworkOutputs.shape), "commit", "manifest"]);
  const deployed = outputs.commit;
  if (commit !== undefined && deployed !== undefined && deployed !== commit)
    throw new pulumi.RunError(
      `${tag} runs ${deployed}, and its promotion was decided for ${commit}. Promote another release with \`smeshnet promote\`.`,
    );
  if (isComplete(outputs)) return readOutputs(NetworkOutputs, tag, outputs);
  throw new pulumi.RunError(
    `${tag} is not complete, so ${channel} cannot point to it. Run \`smeshnet deploy ${tag}\`.`,
  );
}

async function valuesOf(stack: pulumi.StackReference, names: readonly string[]): Promise<Record<string, unknown>> {
  const details = await Promise.all(names.map((name) => stack.getOutputDetails(name)));
  return Object.fromEntries(
    names.flatMap((name, i) => (details[i]?.value === undefined ? [] : [[name, details[i].value]])),
  );
}
