import * as pulumi from "@pulumi/pulumi";
import { Branch } from "../components/branch";
import { Dashboard } from "../components/dashboard";
import { Discovery } from "../components/discovery";
import { Dns } from "../components/dns";
import { edge as edgeOf, publicDns } from "../components/edge";
import { Explorer } from "../components/explorer";
import { GrpcGateway } from "../components/grpc-gateway";
import { History } from "../components/history";
import { InfoPage } from "../components/info-page";
import { LogArchive } from "../components/log-archive";
import { Network } from "../components/network";
import { NodeApi } from "../components/node-api";
import { Poet } from "../components/poet";
import { RetirementGuard } from "../components/retirement-guard";
import { SmokeTest } from "../components/smoke-test";
import { type BuildTag, buildTag } from "../infra/build-tag";
import { channelsOf } from "../infra/channels";
import type { Settings } from "../infra/config";
import { channelEndpoints, networkEndpoints } from "../infra/endpoints";
import { renderInfoPage } from "../infra/info-page/render";
import { manifest as manifestOf } from "../infra/manifest";
import { networkSpec } from "../infra/network-spec";
import { networksEntry } from "../infra/networks-entry";

/**
 * Everything of one network, in the order of the release cycle; a destroy goes the other way. The outputs are what
 * channels and verbs read.
 */
export function version(tag: BuildTag, settings: Settings): Record<string, unknown> {
  const text = buildTag(tag);
  const { nodeRepository: repository, archive, readyTimeout, tls, port } = settings;
  const manifest = manifestOf(tag, settings.versions);
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
  const nodeApi = new NodeApi("node-api", { network, tag }, { dependsOn: smoke });
  const explorer = new Explorer("explorer", service, { dependsOn: nodeApi });
  const dashboard = new Dashboard("dash", service, { dependsOn: explorer });
  const gateway = new GrpcGateway(
    "gateway",
    { network, tag, endpoints, channels, tls, port, readyTimeout },
    { dependsOn: [explorer, dashboard] },
  );

  const entry = network.facts.apply((facts) =>
    networksEntry({ tag, endpoints, facts, manifest, discoveryUrl: edge.url }),
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
