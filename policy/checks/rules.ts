import { containerLimited, imagePinned } from "./containers";
import { nodeApiPrivate, oneEntrance } from "./entrance";
import { namesInOurZone, type OurNames } from "./names";
import { readyWhenAsked } from "./probes";
import { podRestricted } from "./restricted";
import type { Check } from "./value";

/** A rule for single resources, as the engine shows it to people. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  /** Types of resources; the engine asks about every resource, and reading its inputs takes time. */
  readonly concerns: RegExp;
  readonly check: Check<OurNames>;
}

const CLOUDFLARE = /^cloudflare:/;
const KUBERNETES = /^kubernetes:/;

/** The rules that need nothing but a resource and the settings. */
export const RULES: readonly Rule[] = [
  {
    name: "names-in-our-zone",
    description: "Every DNS name is in our part of the zone.",
    concerns: CLOUDFLARE,
    check: namesInOurZone,
  },
  {
    name: "node-api-private",
    description: "The private API of nodes stays inside the cluster.",
    concerns: KUBERNETES,
    check: nodeApiPrivate,
  },
  {
    name: "one-entrance",
    description: "Only the gateway has a public address.",
    concerns: KUBERNETES,
    check: oneEntrance,
  },
  {
    name: "image-pinned",
    description: "Every image has a tag other than latest, or a digest.",
    concerns: KUBERNETES,
    check: imagePinned,
  },
  {
    name: "container-limited",
    description: "Every container has requests and limits.",
    concerns: KUBERNETES,
    check: containerLimited,
  },
  {
    name: "pod-restricted",
    description: "Every pod meets the Pod Security Standard restricted, writes to volumes only and has no API token.",
    concerns: KUBERNETES,
    check: podRestricted,
  },
  {
    name: "ready-when-asked",
    description: "Every container is ready when its program says so.",
    concerns: KUBERNETES,
    check: readyWhenAsked,
  },
];
