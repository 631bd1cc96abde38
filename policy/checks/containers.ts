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

/** Every container has limits, so that none takes what the nodes beside it need, and requests, so that it gets its own. */
export const containerLimited: Check = (resource) => containersOf(resource).flatMap(missingSizes);

const missingSizes = ({ name, spec }: Container): string[] =>
  (["limits", "requests"] as const).flatMap((kind) =>
    ["cpu", "memory", "ephemeral-storage"]
      .filter((what) => at(spec, "resources", kind, what) === undefined)
      .map((what) => `Container ${name} has no ${what} ${kind.slice(0, -1)}. Set resources.${kind}.${what}.`),
  );
