import type { z } from "zod";
import { nonEmptyText, object, sha256Text } from "./formats";

/** An image that runs in a network: as its pod names it, and what its tag led to when it was pulled. */
export const RunningImage = object({
  /** `caddy:2.11.9`: the text of the pod's spec. */
  image: nonEmptyText,
  /** SHA-256 of its manifest, 64 hexadecimal digits, as the container runtime tells it. */
  sha256: sha256Text,
});
export type RunningImage = Readonly<z.infer<typeof RunningImage>>;

/** The digests that run under the name of an image. A tag that moved between two pulls has several. */
export const digestsOf = (image: string, running: readonly RunningImage[]): string[] =>
  running.filter((one) => one.image === image).map(({ sha256 }) => sha256);
