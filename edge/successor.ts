import type { KVNamespace } from "@cloudflare/workers-types";
import { buildTag, fromStackName, stackName } from "../infra/base/model/build-tag";
import { edgeKeys } from "../infra/base/model/edge";
import { type Html, html } from "../infra/base/web/html";
import { supersededByPage } from "../infra/base/web/supersedes";

/** The build that took the place of another one. */
export interface Successor {
  /** Its build tag, and its name in paths. */
  readonly tag: string;
  readonly name: string;
  /** What was wrong with the other one. */
  readonly why: string;
}

/** The build that superseded a network, as the page of the next build tells; undefined when it does not. */
export async function successorOf(name: string, kv: KVNamespace): Promise<Successor | undefined> {
  const build = fromStackName(name);
  if (!build) return undefined;
  const next = { ...build, build: build.build + 1 };
  const told = supersededByPage((await kv.get(edgeKeys.page(stackName(next)))) ?? "");
  return told?.tag === buildTag(build) ? { tag: buildTag(next), name: stackName(next), why: told.why } : undefined;
}

/** `v1.2.3+2: why`, with a link. */
export const successorLine = ({ tag, name, why }: Successor): Html =>
  html`<a href="/networks/${name}">${tag}</a>: ${why}`;
