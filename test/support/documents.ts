import { deepStrictEqual, strictEqual } from "node:assert";
import type { Documents } from "../../infra/base/store/contract";

/** Checks that a bucket replaces one version by another, and refuses a version that is no longer there. */
export async function keepsVersions(documents: Documents, key: string): Promise<void> {
  strictEqual(await documents.read(key), undefined);
  await documents.put(key, "first");
  const first = await documents.read(key);
  strictEqual(first?.bytes.toString(), "first");
  const version = first?.version ?? "";
  strictEqual(await documents.replace(key, Buffer.from("second"), version), true);
  strictEqual(await documents.replace(key, Buffer.from("late"), version), false);
  strictEqual((await documents.read(key))?.bytes.toString(), "second");
  await documents.remove(key);
  await documents.remove(key);
  deepStrictEqual(await documents.read(key), undefined);
  strictEqual(await documents.replace(key, Buffer.from("late"), version), false);
}
