import { UserError } from "../lib/errors";
import { parsedJson } from "../lib/json";
import { type BuildTag, stackName } from "../model/build-tag";
import { type DeploymentFailure, failureIn, readDeploymentFailure } from "../model/deployment-failure";
import { edgeKeys, failuresUrl } from "../model/edge";
import type { Cloudflare, KvNamespace } from "./cloudflare";
import { type NameServers, request } from "./dns";

/** The failure of a network that the edge keeps; undefined without one. @throws {UserError} as Cloudflare's client */
export async function storedFailure(
  cloudflare: Pick<Cloudflare, "getKv">,
  namespace: KvNamespace,
  tag: BuildTag,
): Promise<DeploymentFailure | undefined> {
  const stored = await cloudflare.getKv(namespace, edgeKeys.failed(stackName(tag)));
  return stored === undefined ? undefined : readDeploymentFailure(stored);
}

/** Keeps a failure at the edge; an earlier one of the same network goes. @throws {UserError} as Cloudflare's client */
export const storeFailure = (
  cloudflare: Pick<Cloudflare, "putKv">,
  namespace: KvNamespace,
  tag: BuildTag,
  failure: DeploymentFailure,
): Promise<void> => cloudflare.putKv(namespace, edgeKeys.failed(stackName(tag)), JSON.stringify(failure));

/**
 * Removes the failure of a network that is complete or gone. It is removed even where none is seen, since a recent one
 * may not be shown yet.
 * @returns whether one was seen
 * @throws {UserError} as Cloudflare's client
 */
export async function removeFailure(
  cloudflare: Pick<Cloudflare, "getKv" | "removeKv">,
  namespace: KvNamespace,
  tag: BuildTag,
): Promise<boolean> {
  const key = edgeKeys.failed(stackName(tag));
  const isSeen = (await cloudflare.getKv(namespace, key)) !== undefined;
  await cloudflare.removeKv(namespace, key);
  return isSeen;
}

/**
 * The failures that the edge shows to everybody, by build tag. An edge from before failures shows none.
 * @param discoveryUrl base URL of the edge, ending in a slash
 * @throws {UserError} when the edge does not answer
 */
export async function publishedFailures(
  discoveryUrl: string,
  names: NameServers,
): Promise<ReadonlyMap<string, DeploymentFailure>> {
  const url = failuresUrl(discoveryUrl);
  const { status, body } = await request(url, names);
  if (status === 404) return new Map();
  const listed = status === 200 ? parsedJson(body) : undefined;
  if (!Array.isArray(listed))
    throw new UserError("ServiceSilent", `${url} answers ${status} and no list.`, "Deploy the edge again.");
  return new Map(
    listed.flatMap((one) => {
      const failure = failureIn(one);
      return failure ? [[failure.tag, failure] as const] : [];
    }),
  );
}
