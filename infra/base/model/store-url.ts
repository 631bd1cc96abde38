import { fileURLToPath } from "node:url";

/** The location of a store. */
export type StorePlace =
  | { readonly kind: "folder"; readonly folder: string }
  | ({ readonly kind: "s3"; readonly region?: string; readonly endpoint?: string } & InBucket)
  | ({ readonly kind: "gcs" } & InBucket);

interface InBucket {
  readonly bucket: string;
  /** The beginning of all keys; empty, or ending in a slash. */
  readonly prefix: string;
}

/** The formats of a store's URL, as errors name them. */
export const STORE_FORM =
  "file:///absolute/folder, s3://bucket/prefix?region=us-east-1 (with &endpoint=https://host for an S3 other than " +
  "Amazon's) or gs://bucket/prefix, without credentials";

/**
 * Reads the URL of a store; undefined when it is not valid. Bucket names follow the rules of S3 and Google Cloud.
 * Credentials are refused, since the state and command lines would show them.
 */
export function parseStoreUrl(text: string): StorePlace | undefined {
  if (text.startsWith("file:")) return folderPlace(text);
  const [, scheme, bucket = "", path = "", query] =
    /^(s3|gs):\/\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])((?:\/[\w.+=-]+)*)\/?(?:\?([^?#\s]*))?$/.exec(text) ?? [];
  if (!scheme || path.split("/").some((part) => /^\.+$/.test(part))) return undefined;
  const place = { bucket, prefix: path ? `${path.slice(1)}/` : "" };
  if (scheme === "gs") return query === undefined ? { kind: "gcs", ...place } : undefined;
  const options = optionsOf(query);
  return options && !bucket.includes("_") ? { kind: "s3", ...place, ...options } : undefined;
}

/** The region and the endpoint in a query, each at most once; undefined when the query is not valid. */
function optionsOf(query = ""): { region?: string; endpoint?: string } | undefined {
  const given = [...new URLSearchParams(query)];
  const { region, endpoint, ...unknown } = Object.fromEntries(given);
  const known = Number(region !== undefined) + Number(endpoint !== undefined);
  if (Object.keys(unknown).length > 0 || given.length !== known) return undefined;
  if (region !== undefined && !/^[a-z0-9-]+$/.test(region)) return undefined;
  if (endpoint !== undefined && !isEndpoint(endpoint)) return undefined;
  return { ...(region && { region }), ...(endpoint && { endpoint }) };
}

function isEndpoint(text: string): boolean {
  return /^https?:\/\/[^\s/@?#]+\/?$/.test(text) && URL.canParse(text);
}

/** A folder other than the root of the file system. */
function folderPlace(url: string): StorePlace | undefined {
  try {
    const folder = fileURLToPath(url);
    return url.startsWith("file:///") && folder !== "/" ? { kind: "folder", folder } : undefined;
  } catch {
    return undefined; // e.g. an encoded slash
  }
}
