import { sha256Of } from "../infra/base/lib/sha256";
import { type BuildTag, buildTag, hostLabel, stackName } from "../infra/base/model/build-tag";
import { netId } from "../infra/base/model/network-spec";

/** How the state of a stack names its build: as tag, stack, host, image and in URLs, and by the network's id. */
const namesOf = (tag: BuildTag): readonly string[] => [
  stackName(tag),
  buildTag(tag),
  hostLabel(tag),
  buildTag(tag).replace("+", "-b"),
  encodeURIComponent(buildTag(tag)),
  `${netId(tag)}`,
];

/**
 * The state of a network's stack as that of another build of the same release, which has the same cluster. A preview of
 * the copy finds nothing to change.
 * @param exported what `pulumi stack export --show-secrets` printed
 */
export function asOtherBuild(exported: string, from: BuildTag, to: BuildTag): string {
  const names = namesOf(to);
  let text = exported;
  namesOf(from).forEach((name, i) => {
    // Not as a part of a longer number.
    text = text.replace(new RegExp(`${escaped(name)}(?!\\d)`, "g"), names[i] as string);
  });
  return withDigestOfPage(text);
}

/** The page names its build, so its digest is another one. */
function withDigestOfPage(text: string): string {
  const state = JSON.parse(text) as {
    deployment: { resources: { urn: string; inputs?: { value?: string; environment?: Record<string, string> } }[] };
  };
  const named = (name: string) => state.deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.inputs;
  const old = named("page-served")?.environment?.PAGE_SHA256;
  const html = named("page-edge")?.value;
  if (old === undefined || html === undefined) throw new Error("The stack has no page. Adapt bench/copied-stack.ts.");
  return text.replaceAll(old, sha256Of(html));
}

const escaped = (text: string): string => text.replace(/[.+]/g, "\\$&");
