import { effectiveGenesis } from "../../base/model/network-facts";
import { duration, later } from "../../base/web/format";
import { type Html, html } from "../../base/web/html";
import type { InfoPageInput } from "./input";
import { copyable, definition, definitions, moment, section } from "./parts";

/** What tells this network from others, and how its time runs. */
export function parameters({ facts, genesisId }: InfoPageInput): Html {
  const { genesisTime, layerDuration, layersPerEpoch, netId, hrp } = facts;
  const effective = effectiveGenesis(facts);
  return section(
    "parameters",
    "Parameters",
    definitions([
      definition("Genesis time", moment(genesisTime)),
      definition("Genesis id", copyable(genesisId)),
      // Nodes of today know no network id. What tells their networks apart is the genesis id.
      hrp === undefined
        ? definition("Network id", copyable(`${netId}`))
        : definition("Addresses", html`<code>${hrp}1…</code>`),
      definition("Layer", duration(layerDuration)),
      definition("Epoch", html`${layersPerEpoch} layers`, duration(layerDuration * layersPerEpoch)),
      definition(
        "Effective genesis",
        html`Layer ${effective}`,
        html`${moment(later(genesisTime, effective * layerDuration))}; no layer is verified before`,
      ),
      definition("Managed nodes", facts.nodes.length),
      definition("Poets", facts.poets.length),
    ]),
  );
}
