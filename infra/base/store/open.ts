import { shown, UserError } from "../lib/errors";
import type { Credentials } from "../model/credentials";
import { parseStoreUrl, STORE_FORM, type StorePlace } from "../model/store-url";
import type { Documents, Store } from "./contract";
import { FolderStore } from "./folder";
import { GcsStore } from "./gcs";
import { S3Store } from "./s3";

/**
 * Opens the store behind a URL, without a request.
 * @param credentials are used when a bucket is first accessed; a folder needs none
 * @throws {UserError} when the URL is not that of a store
 */
export function openStore(url: string, credentials: Credentials): Store {
  const place = parseStoreUrl(url);
  if (!place)
    throw new UserError("StoreUrlInvalid", `${shown(url)} is not the URL of a store.`, `Use ${STORE_FORM}.`, 2);
  if (place.kind === "folder") return new FolderStore(place.folder);
  return openBucket(place, credentials);
}

type BucketPlace = Exclude<StorePlace, { kind: "folder" }>;

const openBucket = (place: BucketPlace, credentials: Credentials): Store & Documents =>
  place.kind === "s3" ? new S3Store(place, credentials) : new GcsStore(place, credentials);

/** Opens a bucket of another program, whose objects change; without a request. */
export const openDocuments = (place: BucketPlace, credentials: Credentials): Documents =>
  openBucket(place, credentials);
