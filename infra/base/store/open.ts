import { shown, UserError } from "../lib/errors";
import { say } from "../lib/say";
import { asReader, type Credentials } from "../model/credentials";
import { parseStoreUrl, STORE_FORM, type StorePlace } from "../model/store-url";
import { Adoption } from "./adoption";
import type { Documents, Store } from "./contract";
import { FolderStore } from "./folder";
import { GcsStore } from "./gcs";
import { recordKeys } from "./record-keys";
import { S3Store } from "./s3";
import { SealedStore } from "./sealed";
import { hidden, revealed, type SecretTexts } from "./secret-text";

/**
 * Opens the store behind a URL, without a request. There is no other way to it: whoever reads a record through it reads
 * what a holder of the key wrote.
 * @param credentials its key of records is needed at once; the others when a bucket is first accessed
 * @param tell takes a line for each foreign object that is ignored
 * @throws {UserError} when the URL is not that of a store, or no key of records is set
 */
export function openStore(url: string, credentials: Credentials, tell: (line: string) => void = say): Store {
  const place = placeOf(url);
  const inner = openUnsealed(place, credentials);
  return new SealedStore(
    inner,
    place.kind === "folder" ? place.folder : withoutQuery(url),
    recordKeys(credentials.recordKey),
    tell,
  );
}

/**
 * Opens a store for whoever only reads it, with the credentials of its reader where there are any. A write is a mistake
 * of ours, whatever the credentials may do.
 */
export function openStoreToRead(url: string, credentials: Credentials, tell?: (line: string) => void): Store {
  const store = openStore(url, asReader(credentials), tell);
  const refused = async () => {
    throw new Error("the store was opened to be read, and is written");
  };
  return { get: (key) => store.get(key), list: (prefix) => store.list(prefix), put: refused, probe: refused };
}

/** Opens the way to secret texts within records. @throws {UserError} when no key of records is set */
export function openSecretTexts({ recordKey }: Credentials): SecretTexts {
  const keys = recordKeys(recordKey);
  return {
    hidden: (place, text) => hidden(place, text, keys),
    revealed: (place, secret) => revealed(place, secret, keys),
  };
}

/** Opens a store to adopt what it holds from before seals. @throws {UserError} as {@link openStore} does */
export const openAdoption = (url: string, credentials: Credentials): Adoption =>
  new Adoption(openUnsealed(placeOf(url), credentials), recordKeys(credentials.recordKey));

/** A store as a line names it. */
const withoutQuery = (url: string): string => url.split("?", 1)[0] ?? url;

function placeOf(url: string): StorePlace {
  const place = parseStoreUrl(url);
  if (place) return place;
  throw new UserError("StoreUrlInvalid", `${shown(url)} is not the URL of a store.`, `Use ${STORE_FORM}.`, 2);
}

const openUnsealed = (place: StorePlace, credentials: Credentials): Store =>
  place.kind === "folder" ? new FolderStore(place.folder) : openBucket(place, credentials);

type BucketPlace = Exclude<StorePlace, { kind: "folder" }>;

const openBucket = (place: BucketPlace, credentials: Credentials): Store & Documents =>
  place.kind === "s3" ? new S3Store(place, credentials) : new GcsStore(place, credentials);

/** Opens a bucket of another program, whose objects change; without a request. */
export const openDocuments = (place: BucketPlace, credentials: Credentials): Documents =>
  openBucket(place, credentials);
