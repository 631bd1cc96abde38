import { actionOf, argumentAs, jsonVariable, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { addressesOf, textsOf } from "../../infra/base/clients/dns";
import { settingsOfProject } from "../../infra/base/engine/project";
import { type Look, waitFor } from "../../infra/base/lib/wait";
import { parseBuildTag } from "../../infra/base/model/build-tag";
import { endpointsSchema, hostsOf } from "../../infra/base/model/endpoints";
import { address as addressForm, dnsName, hostName, nameServers, seconds } from "../../infra/base/model/formats";
import { ownedBy, pointsTo } from "../../infra/base/observe/as-written";
import { grpcByName } from "../../infra/base/observe/services";
import { gatewayAt } from "../../infra/deploy/gateway/address";

main({
  help: `
Usage: dns resolved TAG
       dns lookup NAME

resolved: waits until all names of a network resolve to its gateway at the zone's own name servers, its ownership record
is that of the tag, and a gRPC call by name is answered. lookup: prints the addresses of one name, one a line.

Environment, for lookup: the settings zone and dnsServers (SMESHNET_DNS_SERVERS); for resolved:
  DNS_SERVERS     address:port of name servers to ask instead of the zone's own, separated by commas
  DNS_ZONE        the zone
  ADDRESS         address of the gateway
  ENDPOINTS       the public names as JSON (infra/base/model/endpoints.ts)
  READY_TIMEOUT   longest wait for each, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, what], signal }) {
    if (actionOf(action, "resolved", "lookup") === "lookup") {
      const name = argumentAs("NAME", what, dnsName);
      const { dnsServers: servers, zone } = await settingsOfProject();
      process.stdout.write(`${(await addressesOf(name, { servers, zone })).join("\n")}\n`);
    } else await resolved(what as string, signal);
  },
});

async function resolved(tag: string, signal: AbortSignal): Promise<void> {
  parseBuildTag(tag);
  const endpoints = jsonVariable("ENDPOINTS", endpointsSchema);
  const names = { servers: variableAs("DNS_SERVERS", nameServers), zone: variableAs("DNS_ZONE", hostName) };
  const limit = variableAs("READY_TIMEOUT", seconds);
  const address = await gatewayAt(variableAs("ADDRESS", addressForm));
  const { pageHost, apiHost } = endpoints;
  const hosts = hostsOf(endpoints);
  const wait = <T>(what: string, look: () => Promise<Look<T>>) => waitFor(look, { what, limit, signal, say });
  await Promise.all([
    ...hosts.map((host) =>
      wait(`${host} to point to ${address}`, async () => pointsTo(await addressesOf(host, names), address)),
    ),
    wait(`${pageHost} to be owned by ${tag}`, async () => ownedBy(await textsOf(`_smeshnet.${pageHost}`, names), tag)),
  ]);
  const genesisId = await wait(`a gRPC call to ${apiHost}`, async () => {
    const [found] = await addressesOf(apiHost, names);
    return { value: await grpcByName({ endpoints, address: found as string }) };
  });
  say(`${hosts.length} names point to ${address}, and ${apiHost} answers gRPC`);
  answer({ hosts, address, genesisId });
}
