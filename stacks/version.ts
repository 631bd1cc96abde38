import * as pulumi from "@pulumi/pulumi";
import { Branch } from "../components/branch";
import { edge as edgeOf, publicDns } from "../components/edge";
import { Dashboard } from "../components/version/dashboard";
import { Discovery } from "../components/version/discovery";
import { Dns } from "../components/version/dns";
import { Explorer } from "../components/version/explorer";
import { GrpcGateway } from "../components/version/grpc-gateway";
import { History } from "../components/version/history";
import { InfoPage } from "../components/version/info-page";
import { LogArchive } from "../components/version/log-archive";
import { Network } from "../components/version/network";
import { NodeService } from "../components/version/node-service";
import { Poet } from "../components/version/poet";
import { RetirementGuard } from "../components/version/retirement-guard";
import { SmokeTest } from "../components/version/smoke-test";
import { type BuildTag, buildTag } from "../infra/base/model/build-tag";
import { channelsOf } from "../infra/base/model/channel";
import { channelEndpoints, networkEndpoints } from "../infra/base/model/endpoints";
import { networkListEntry } from "../infra/base/model/network-list";
import { networkSpec } from "../infra/base/model/network-spec";
import type { Settings } from "../infra/base/model/settings";
import { versionsOf } from "../infra/base/model/versions";
import { renderInfoPage } from "../infra/deploy/info-page/render";

/**
 * Everything of one network, in the order of the release cycle; a destroy goes the other way. The outputs are what
 * channels and verbs read.
 */
export function version(tag: BuildTag, settings: Settings): Record<string, unknown> {
  const text = buildTag(tag);
  const { nodeRepository: repository, archive, readyTimeout, tls, port } = settings;
  const manifest = versionsOf(tag, settings.versions);
  const spec = networkSpec(tag, settings, manifest);
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const channels = settings.channels.map((channel) => channelEndpoints(channel, settings.poets, settings));
  const edge = edgeOf(settings);

  const devnext = new Branch("devnext", { branch: "devnext", repository, tag: text });
  const history = new History("history", { spec, edge, zoneId: settings.zoneId, archive }, { dependsOn: devnext });
  const network = new Network("network", { spec, archive }, { dependsOn: history });
  const documents = { "config.json": settings, "versions.json": manifest, "facts.json": network.facts };
  const logs = new LogArchive(
    "log-archive",
    { network, spec, archive, documents, timeout: settings.archiveTimeout },
    { dependsOn: network },
  );
  const poets = endpoints.poets.map((url, i) => {
    const args = { network, index: i + 1, phases: spec.poetPhases, url, readyTimeout };
    return new Poet(`poet-${i + 1}`, args, { dependsOn: logs });
  });
  const smoke = new SmokeTest(
    "smoke",
    { network, spec, manifest, smokeLayers: settings.smokeLayers },
    { dependsOn: poets },
  );

  const service = { network, tag, manifest, readyTimeout };
  const nodeApi = new NodeService("node-api", { network, tag }, { dependsOn: smoke });
  const explorer = new Explorer("explorer", service, { dependsOn: nodeApi });
  const dashboard = new Dashboard("dash", service, { dependsOn: explorer });
  const gateway = new GrpcGateway(
    "gateway",
    { network, tag, endpoints, channels, tls, port, readyTimeout },
    { dependsOn: [explorer, dashboard] },
  );

  const entry = network.facts.apply((facts) =>
    networkListEntry({ tag, endpoints, facts, manifest, discoveryUrl: edge.url }),
  );
  const nodeConfig = network.facts.nodeConfig;
  const discovery = new Discovery("discovery", { edge, tag, entry, nodeConfig, readyTimeout }, { dependsOn: gateway });
  const dns = new Dns(
    "dns",
    {
      tag,
      network,
      endpoints,
      address: gateway.address,
      zoneId: settings.zoneId,
      ttl: settings.dnsTtl,
      nameServers: publicDns(settings),
      readyTimeout,
    },
    { dependsOn: gateway },
  );

  const html = pulumi
    .all([network.facts, gateway.genesisId])
    .apply(([facts, genesisId]) =>
      renderInfoPage({ tag, manifest, endpoints, facts, genesisId, discoveryUrl: edge.url }),
    );
  const page = new InfoPage(
    "page",
    { network, edge, tag, endpoints, html, readyTimeout },
    { dependsOn: [discovery, dns] },
  );
  const devnet = new Branch("devnet", { branch: "devnet", repository, tag: text }, { dependsOn: page });
  new RetirementGuard(
    "guard",
    { tag: text, channels: channelsOf(settings), zoneId: settings.zoneId, archive },
    { dependsOn: devnet },
  );

  return {
    schema: 1,
    tag: text,
    endpoints,
    address: gateway.address,
    genesisId: gateway.genesisId,
    facts: network.facts,
    manifest,
    smoke: smoke.report,
    commit: devnet.commit,
    kubeconfig: network.kubeconfig,
  };
}
