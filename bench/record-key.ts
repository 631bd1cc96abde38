import { randomBytes } from "node:crypto";
import type { Credentials } from "../infra/base/model/credentials";

/** The key of a store that lives as long as a measurement. */
export const newKey = (): Credentials => ({ recordKey: randomBytes(32).toString("hex") });
