import { edgeUrls } from "../../base/model/edge";
import { hostAndPort } from "../../base/web/format";
import { type Html, link } from "../../base/web/html";
import { type InfoPageInput, tapUrl } from "./input";
import { copyable, definition, definitions, section } from "./parts";

/** Every public address of the network, to copy. */
export function endpoints({ tag, endpoints, facts, discoveryUrl }: InfoPageInput): Html {
  const edge = edgeUrls(discoveryUrl, tag);
  const manyPoets = endpoints.poets.length > 1;
  const tap = tapUrl({ endpoints, facts });
  const isToday = facts.driver === "kubernetes";
  return section(
    "endpoints",
    "Endpoints",
    definitions([
      definition("gRPC API", copyable(hostAndPort(endpoints.grpc))),
      definition("JSON API", copyable(endpoints.json)),
      definition("Explorer", copyable(endpoints.explorer), link(endpoints.explorer, "open")),
      definition(isToday ? "Statistics API" : "Explorer API", copyable(endpoints.explorerApi)),
      definition("Dashboard", copyable(endpoints.dash), link(endpoints.dash, "open")),
      ...(isToday ? [] : [definition("Dashboard feed", copyable(endpoints.dashApi))]),
      ...(tap === undefined ? [] : [definition("Tap", copyable(tap), link(tap, "get test coins"))]),
      ...endpoints.poets.map((url, i) =>
        definition(manyPoets ? `Poet ${i + 1}` : "Poet", copyable(url), link(`${url}v1/info`, "info")),
      ),
      ...(facts.p2p ?? []).map((address, i) => definition(`Peer ${i + 1}`, copyable(address))),
      definition("Node config", copyable(edge.config), link(edge.config, "open")),
      definition("Entry in the list", copyable(edge.entry), link(edge.entry, "open")),
      definition("All networks", copyable(edge.list), link(edge.list, "open")),
    ]),
  );
}
