import * as pulumi from "@pulumi/pulumi";
import { Branch } from "../components/branch";
import { cloudflareProvider } from "../components/cloudflare";
import { edge as edgeOf, publicDns } from "../components/edge";
import { dashboardOf, explorerOf } from "../components/version/around";
import { Discovery } from "../components/version/discovery";
import { Dns } from "../components/version/dns";
import { GrpcGateway } from "../components/version/grpc-gateway";
import { History } from "../components/version/history";
import { InfoPage } from "../components/version/info-page";
import { LogArchive } from "../components/version/log-archive";
import { Monitoring } from "../components/version/monitoring";
import { Network } from "../components/version/network";
import { NodeService } from "../components/version/node-service";
import { Poet } from "../components/version/poet";
import { Protection } from "../components/version/protection";
import { RetirementGuard } from "../components/version/retirement-guard";
import { SmokeTest } from "../components/version/smoke-test";
import { Tap } from "../components/version/tap";
import { type BuildTag, buildTag } from "../infra/base/model/build-tag";
import { channelsOf } from "../infra/base/model/channel";
import { channelEndpoints, networkEndpoints } from "../infra/base/model/endpoints";
import { networkListEntry } from "../infra/base/model/network-list";
import { networkSpec } from "../infra/base/model/network-spec";
import type { Deferred, VersionOutputs } from "../infra/base/model/outputs";
import type { Settings } from "../infra/base/model/settings";
import { STEPS } from "../infra/base/model/steps";
import { tapOf } from "../infra/base/model/tap-settings";
import { versionsUnder } from "../infra/base/model/versions";
import { renderInfoPage } from "../infra/deploy/info-page/render";
import { hasImages, standingOutputs, withStandingTap } from "./standing";

/**
 * Everything of one network, in the order of the release cycle. A destroy goes the other way. Channels and commands
 * read the outputs.
 */
export async function version(tag: BuildTag, wanted: Settings): Promise<Deferred<VersionOutputs>> {
  const standing = await standingOutputs(tag);
  const settings = withStandingTap(standing, wanted);
  const tagText = buildTag(tag);
  const { nodeRepository: repository, archive, driver, readyTimeout, storageClass, zoneId } = settings;
  const versions = versionsUnder(tag, settings);
  const spec = networkSpec(tag, settings, versions);
  const endpoints = networkEndpoints(tag, settings.poets, settings);
  const channels = settings.channels.map((channel) => channelEndpoints(channel, settings.poets, settings));
  const edge = edgeOf(settings);
  const inZone = cloudflareProvider("dns");
  const atEdge = cloudflareProvider("kv");

  const devnext = new Branch(STEPS.devnext, { branch: "devnext", repository, tag: tagText });
  const history = new History(STEPS.history, { spec, driver, edge, zoneId, archive }, { dependsOn: devnext });
  const network = new Network(STEPS.network, { spec, driver, archive }, { dependsOn: history });
  const documents = { "config.json": settings, "versions.json": versions, "facts.json": network.facts };
  const logs = new LogArchive(
    STEPS.logArchive,
    { network, spec, driver, archive, life: history.life, documents, timeout: settings.archiveTimeout },
    { dependsOn: network },
  );
  const poets = endpoints.poets.map((url, i) => {
    const args = { network, index: i + 1, phases: spec.poetPhases, url, readyTimeout };
    return new Poet(`poet-${i + 1}`, args, { dependsOn: logs });
  });
  const smoke = new SmokeTest(
    STEPS.smoke,
    { network, spec, versions, commit: devnext.commit, smokeLayers: settings.smokeLayers },
    { dependsOn: poets },
  );

  const inNetwork = { network, driver, tag, spec, endpoints, versions, storageClass, readyTimeout };
  const protection =
    driver === "spacecraft"
      ? [new Protection(STEPS.protection, { network, tag, monitoring: settings.monitoring }, { dependsOn: smoke })]
      : [];
  const nodeService = new NodeService(
    STEPS.nodeService,
    { network, driver, tag },
    { dependsOn: [smoke, ...protection] },
  );
  const explorer = explorerOf(STEPS.explorer, inNetwork, { dependsOn: nodeService });
  const dashboard = dashboardOf(STEPS.dashboard, inNetwork, { dependsOn: explorer });
  const terms = tapOf(settings);
  const taps = terms
    ? [
        new Tap(
          STEPS.tap,
          { ...inNetwork, terms, image: versions.tap?.image ?? "", storageClass, monitoring: settings.monitoring },
          { dependsOn: nodeService },
        ),
      ]
    : [];
  const entry = network.facts.apply((facts) =>
    networkListEntry({ tag, endpoints, facts, versions, discoveryUrl: edge.url }),
  );
  const gateway = new GrpcGateway(
    STEPS.gateway,
    {
      ...{ network, driver, tag, endpoints, channels, entry, archive, readyTimeout },
      ...{ tls: settings.tls, port: settings.port, httpPort: settings.httpPort },
      image: settings.images.caddy,
      watched: settings.monitoring ? spec : undefined,
    },
    { dependsOn: [explorer, dashboard, ...taps] },
  );

  if (settings.monitoring) {
    const { watcher, remoteWrite, grafana } = settings;
    new Monitoring(
      STEPS.monitoring,
      {
        ...{ network, driver, tag, spec, storageClass, watcher, remoteWrite, grafana, readyTimeout },
        tap: terms !== undefined,
      },
      { dependsOn: gateway },
    );
  }

  const nodeConfig = network.facts.nodeConfig;
  const discovery = new Discovery(
    STEPS.discovery,
    { edge, tag, entry, nodeConfig, readyTimeout },
    { providers: [atEdge], dependsOn: gateway },
  );
  const dns = new Dns(
    STEPS.dns,
    {
      tag,
      network,
      endpoints,
      address: gateway.address,
      zoneId,
      ttl: settings.dnsTtl,
      nameServers: publicDns(settings),
      readyTimeout,
    },
    { providers: [inZone], dependsOn: gateway },
  );

  const { curves } = gateway;
  const html = pulumi
    .all([network.facts, gateway.genesisId, gateway.images, devnext.supersedes])
    .apply(([facts, genesisId, images, supersedes]) =>
      renderInfoPage({
        ...{ tag, versions, images, endpoints, facts, genesisId, supersedes, curves },
        discoveryUrl: edge.url,
      }),
    );
  const page = new InfoPage(
    STEPS.page,
    { network, edge, tag, endpoints, html, readyTimeout },
    { providers: [atEdge], dependsOn: [discovery, dns] },
  );
  const devnet = new Branch(
    STEPS.devnet,
    { branch: "devnet", repository, tag: tagText, commit: devnext.commit },
    { dependsOn: page },
  );
  new RetirementGuard(
    STEPS.guard,
    { tag: tagText, channels: channelsOf(settings), zoneId, archive },
    { dependsOn: devnet },
  );

  return {
    schema: 1,
    tag: tagText,
    endpoints,
    address: gateway.address,
    genesisId: gateway.genesisId,
    facts: network.facts,
    versions,
    ...(hasImages(standing) && { images: gateway.images }),
    ...(curves && { curves }),
    smoke: smoke.report,
    commit: devnet.commit, // as devnext decided it; the last branch, so that no output is stored before it moved
    kubeconfig: network.kubeconfig,
  };
}
