import { lookup } from "node:dns/promises";
import { parseBuildTag } from "../infra/build-tag";
import { answer, main, say, variable } from "../infra/cli";
import { addressesOf, nameServersOf, textsOf } from "../infra/clients/public-name";
import { type Endpoints, hostsOf } from "../infra/endpoints";
import { grpcByName } from "../infra/entrance";
import { ownedBy, pointsTo } from "../infra/looks";
import { settingsOfProject } from "../infra/project-settings";
import { UserError } from "../infra/user-error";
import { type Look, waitFor } from "../infra/wait";

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
  ENDPOINTS       the public names as JSON (infra/endpoints.ts)
  READY_TIMEOUT   longest wait for each, in seconds`,
  positionals: [2, 2],
  async run({ positionals: [action, what], signal }) {
    if (action === "lookup") {
      const { dnsServers: servers, zone } = await settingsOfProject();
      process.stdout.write(`${(await addressesOf(what as string, { servers, zone })).join("\n")}\n`);
    } else if (action === "resolved") await resolved(what as string, signal);
    else throw new UserError(`"${action}" is not an action: write resolved TAG or lookup NAME`, 2);
  },
});

async function resolved(tag: string, signal: AbortSignal): Promise<void> {
  parseBuildTag(tag);
  const names = nameServersOf(process.env);
  const endpoints = JSON.parse(variable("ENDPOINTS")) as Endpoints;
  const limit = Number(variable("READY_TIMEOUT"));
  const { address } = await lookup(variable("ADDRESS"), { family: 4 });
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
