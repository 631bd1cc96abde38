import { join } from "node:path";

/** The folder of this checkout. */
export const CHECKOUT = join(__dirname, "../..");

/** The folder of the golden files. */
export const GOLDEN = join(CHECKOUT, "test/golden");
