import { createHash } from "node:crypto";

/**
 * Repository of an image, without registry, tag and digest: `spacemeshos/poet` of
 * `docker.io/spacemeshos/poet:v0.10.10`.
 */
export function repositoryOf(image: string): string {
  return withoutTag(image)
    .replace(/^(docker\.io|index\.docker\.io)\//, "")
    .replace(/^library\//, "");
}

/**
 * The id of an image as the kubelet reports it with containerd, `docker.io/spacemeshos/poet@sha256:...`. Nothing is
 * pulled here, so the digest is that of the image's name, unless the name holds one.
 */
export function imageIdOf(image: string): string {
  const name = withoutTag(image);
  const [first = "", ...rest] = name.split("/");
  // The first part is a registry when it could be a host (distribution/reference, splitDockerDomain).
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const full = isHost ? name : `docker.io/${rest.length > 0 ? "" : "library/"}${name}`;
  const [, given] = image.split("@");
  return `${full}@${given ?? `sha256:${createHash("sha256").update(image).digest("hex")}`}`;
}

function withoutTag(image: string): string {
  const [name = ""] = image.split("@");
  return name.replace(/:[^/:]*$/, "");
}
