import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** File behind an object of Google Cloud Storage (go-spacecraft gcp/gs.go). */
const objectFile = (home: string, bucket: string, object: string): string => join(home, "buckets", bucket, object);

const DISCOVERY = "sm-discovery-service";

/** Keeps the config for those who join, where the network's list entry points to. */
export async function uploadConfig(home: string, network: string, content: string): Promise<void> {
  const file = objectFile(home, "spacecraft-data", `${network}-archive/config.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** @throws as the storage client does when there is no such object. */
export async function readConfig(home: string, network: string): Promise<string> {
  return readObject(objectFile(home, "spacecraft-data", `${network}-archive/config.json`));
}

/** Takes a network's entries out of the public list. The object is deleted before the new one is written. */
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
