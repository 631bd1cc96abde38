/**
 * Repository of an image, without registry, tag and digest: `spacemeshos/poet` of
 * `docker.io/spacemeshos/poet:v0.10.10`.
 */
export function repositoryOf(image: string): string {
  const [name = ""] = image.split("@");
  const withoutTag = name.replace(/:[^/:]*$/, "");
  return withoutTag.replace(/^(docker\.io|index\.docker\.io)\//, "").replace(/^library\//, "");
}
