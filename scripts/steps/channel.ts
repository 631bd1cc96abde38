import { actionOf, argumentAs, jsonVariable, variable, variableAs } from "../../infra/base/cli/inputs";
import { answer, main, say } from "../../infra/base/cli/verb";
import { addressesOf, request } from "../../infra/base/clients/dns";
import { type Look, waitFor } from "../../infra/base/lib/wait";
import { endpointsSchema, hostsOf } from "../../infra/base/model/endpoints";
import { channelName, dnsName, hostName, nameServers, seconds, sha256 } from "../../infra/base/model/formats";
import { pointsTo, samePage } from "../../infra/base/observe/as-written";
import { grpcByName } from "../../infra/base/observe/services";

main({
  help: `
Usage: channel moved NAME

Waits until a channel has arrived at a network: its service hosts resolve to the address of the network's at the zone's own
name servers, a gRPC call by the channel's name is answered by that network, and the channel's page is served as it was
written. Prints {"movedAt", "address"}.

Environment:
  ENDPOINTS       the channel's public names as JSON (infra/base/model/endpoints.ts)
  TARGET          the network's host that the channel is an alias of
  GENESIS_ID      the network's genesis id, hexadecimal
  PAGE_SHA256     SHA-256 of the page, in hexadecimal
  DNS_SERVERS, DNS_ZONE   as for dns
  READY_TIMEOUT   longest wait for each, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, name], signal }) {
    actionOf(action, "moved");
    const channel = argumentAs("NAME", name, channelName);
    const endpoints = jsonVariable("ENDPOINTS", endpointsSchema);
    const target = variableAs("TARGET", dnsName);
    const genesisId = variable("GENESIS_ID");
    const page = variableAs("PAGE_SHA256", sha256);
    const names = { servers: variableAs("DNS_SERVERS", nameServers), zone: variableAs("DNS_ZONE", hostName) };
    const limit = variableAs("READY_TIMEOUT", seconds);
    const wait = <T>(what: string, look: () => Promise<Look<T>>) => waitFor(look, { what, limit, signal, say });

    const [address] = (await addressesOf(target, names)) as [string];
    const hosts = hostsOf(endpoints).filter((host) => host !== endpoints.pageHost);
    await Promise.all([
      ...hosts.map((host) =>
        wait(`${host} to point to ${address}`, async () => pointsTo(await addressesOf(host, names), address)),
      ),
      wait(`the page at ${endpoints.page}`, async () => samePage(await request(endpoints.page, names), page)),
    ]);
    await wait(`a gRPC call to ${endpoints.apiHost}`, async () => {
      const found = await grpcByName({ endpoints, address });
      return found === genesisId ? { value: true } : { seen: `the network with genesis ${found} answers` };
    });
    say(`${hosts.length} names of ${channel} point to ${target} (${address}), and its page is at ${endpoints.page}`);
    answer({ movedAt: new Date().toISOString(), address });
  },
});
