import { type BuildTag, buildTag } from "../build-tag";
import type { Endpoints } from "../endpoints";
import type { Manifest } from "../manifest";
import type { NetworkFacts } from "../network-facts";

/** Everything the page of a network is made from. */
export interface InfoPageInput {
  readonly tag: BuildTag;
  readonly manifest: Manifest;
  readonly endpoints: Endpoints;
  readonly facts: NetworkFacts;
  /** Genesis id, hex. */
  readonly genesisId: string;
  /** Public URL of the edge, ending in a slash. */
  readonly discoveryUrl: string;
}

/** The info page of a network, complete HTML. Pure. */
export function renderInfoPage({ tag }: InfoPageInput): string {
  return `<!doctype html><html lang="en"><title>Spacemesh ${buildTag(tag)}</title><h1>${buildTag(tag)}</h1></html>\n`;
}
