import { variableAs } from "../../infra/base/cli/inputs";
import type { NameServers } from "../../infra/base/clients/dns";
import { hostName, nameServers } from "../../infra/base/model/formats";

/** Which name servers a step asks: those of the zone, unless DNS_SERVERS names others. */
export const nameServersOfStep = (): NameServers => ({
  servers: variableAs("DNS_SERVERS", nameServers),
  zone: variableAs("DNS_ZONE", hostName),
});
