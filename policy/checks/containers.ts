import { shown } from "../../infra/base/lib/errors";
import { type Container, containersOf } from "./pods";
import { at, type Check, UNKNOWN } from "./value";

/** A name that says which version runs: with a tag other than `latest`, or with a digest. */
export const imagePinned: Check = (resource) =>
  containersOf(resource).flatMap(({ name, spec }) => {
    const image = at(spec, "image");
    if (image === UNKNOWN || (typeof image === "string" && isPinned(image))) return [];
    return [`Container ${name} runs the image ${shown(image ?? "")}. Give it a tag other than latest, or a digest.`];
  });

/** `HOST:PORT/PATH:TAG@DIGEST`; a colon before the last slash belongs to the port. */
function isPinned(image: string): boolean {
  const [name = "", digest] = image.split("@");
  if (digest !== undefined) return /^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest);
  const tag = /:([\w.-]+)$/.exec(name.split("/").at(-1) ?? "")?.[1];
  return tag !== undefined && tag !== "latest";
}

/**
 * Every container has limits, so that none takes what the nodes beside it need, and is no root user, so that what breaks
 * out of it owns nothing.
 */
export const containerLimited: Check = (resource) =>
  containersOf(resource).flatMap((container) => [...missingLimits(container), ...root(container)]);

const missingLimits = ({ name, spec }: Container): string[] =>
  ["cpu", "memory"]
    .filter((what) => at(spec, "resources", "limits", what) === undefined)
    .map((what) => `Container ${name} has no ${what} limit. Set resources.limits.${what}.`);

function root(container: Container): string[] {
  const { name } = container;
  if (at(container.spec, "securityContext", "privileged") === true) {
    return [`Container ${name} is privileged. Remove securityContext.privileged.`];
  }
  const user = security(container, "runAsUser");
  const refusesRoot = security(container, "runAsNonRoot");
  if (user === UNKNOWN || refusesRoot === UNKNOWN) return [];
  if (user === 0) return [`Container ${name} runs as root. Set securityContext.runAsUser to another user than 0.`];
  if (refusesRoot === true || typeof user === "number") return [];
  return [`Container ${name} may run as root. Set securityContext.runAsNonRoot to true.`];
}

/** A field of the container's security context, which wins over the pod's. */
const security = ({ spec, pod }: Container, field: string): unknown =>
  at(spec, "securityContext", field) ?? at(pod, "securityContext", field);
