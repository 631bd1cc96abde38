import { shown, UserError } from "../lib/errors";
import { parseStoreUrl, STORE_FORM } from "../model/store-url";
import type { Store } from "./contract";
import { FolderStore } from "./folder";
import { GcsStore } from "./gcs";
import { S3Store } from "./s3";

/** Opens the store behind a URL. @throws {UserError} for a URL of a kind we do not know. */
export function openStore(url: string): Store {
  const place = parseStoreUrl(url);
  if (!place) throw new UserError(`${shown(url)} is not a store: write ${STORE_FORM}`, 2);
  if (place.kind === "folder") return new FolderStore(place.folder);
  return place.kind === "s3" ? new S3Store(place) : new GcsStore(place);
}
