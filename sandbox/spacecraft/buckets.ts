import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** File that stands in for an object of Google Cloud Storage (go-spacecraft gcp/gs.go). */
const objectFile = (home: string, bucket: string, object: string): string => join(home, "buckets", bucket, object);

const DISCOVERY = "sm-discovery-service";

/** Stores the network's config at the address of the network's list entry. */
export async function uploadConfig(home: string, network: string, content: string): Promise<void> {
  const file = objectFile(home, "spacecraft-data", `${network}-archive/config.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** @throws with the storage client's text when the object does not exist */
export async function readConfig(home: string, network: string): Promise<string> {
  return readObject(objectFile(home, "spacecraft-data", `${network}-archive/config.json`));
}

/** Removes a network's entries from the public list. The object is deleted before the new one is written. */
export async function removeFromDiscovery(home: string, network: string, isPrivate: boolean): Promise<void> {
  const file = objectFile(home, DISCOVERY, isPrivate ? "networks.private.json" : "networks.json");
  const entries = JSON.parse(await readObject(file)) as { netName: string }[];
  const others = entries.filter(({ netName }) => netName !== network);
  await rm(file);
  await writeFile(file, JSON.stringify(others, undefined, 2));
}

async function readObject(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new Error("storage: object doesn't exist");
  }
}
