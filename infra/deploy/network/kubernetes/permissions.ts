import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { atOnce } from "../../../base/lib/at-once";
import { UserError } from "../../../base/lib/errors";
import { grouped } from "../../../base/lib/grouped";
import { sameKnown } from "../../../base/lib/same-known";
import { type Right, rightsWith } from "../../../base/model/kubernetes-rights";
import type { KubernetesNetworkSpec } from "./spec";

/** Questions at the same time. */
const LANES = 4;

/**
 * Asks for every right that the network needs in its life, before anything is made: one that is missing later would leave
 * a network that cannot be completed, archived or removed.
 * @param isNew whether the namespace is to be made
 * @throws {UserError} with all rights that are missing
 */
export async function requireRights(
  api: Pick<ObjectApi, "may">,
  { tag, namespace, kubernetes }: KubernetesNetworkSpec,
  isNew: boolean,
): Promise<void> {
  const { context, exposure } = kubernetes;
  const needed = rightsWith(exposure).filter(
    (right) =>
      (right.without === undefined || sameKnown(right.neededWith, exposure)) && (isNew || !makesNamespaces(right)),
  );
  const may = await atOnce(needed, LANES, (right) => api.may(right, namespace));
  const missing = needed.filter((_, i) => may[i] !== true);
  if (missing.length === 0) return;
  throw new UserError(
    "RightsMissing",
    `The account of the context ${context} cannot make ${tag}: it may not ${listOf(missing)}.`,
    "Run `smeshnet doctor`. An administrator gives the rights with packaging/kubernetes/rights.yaml" +
      `${exposure === "none" ? " and rights-none.yaml" : ""}.`,
  );
}

const makesNamespaces = ({ resource, verb }: Right): boolean => resource === "namespaces" && verb === "create";

/** `create, patch networkpolicies; list nodes`. */
const listOf = (rights: readonly Right[]): string =>
  [...grouped(rights, ({ resource }) => resource)]
    .map(([resource, same]) => `${same.map(({ verb }) => verb).join(", ")} ${resource}`)
    .join("; ");
