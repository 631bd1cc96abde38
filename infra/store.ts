import type { Store } from "./store/contract";
import { FolderStore } from "./store/folder";
import { GcsStore } from "./store/gcs";
import { S3Store } from "./store/s3";
import { parseStoreUrl, STORE_FORM } from "./store/url";
import { shown, UserError } from "./user-error";

export { digestOf, textOf } from "./store/content";
export { type Digest, ObjectExists, type Store } from "./store/contract";

/** Opens the store behind a URL. @throws {UserError} for a URL of a kind we do not know. */
export function openStore(url: string): Store {
  const place = parseStoreUrl(url);
  if (!place) throw new UserError(`${shown(url)} is not a store: write ${STORE_FORM}`, 2);
  if (place.kind === "folder") return new FolderStore(place.folder);
  return place.kind === "s3" ? new S3Store(place) : new GcsStore(place);
}
