import { join } from "node:path";

/** The folder of this checkout. */
export const CHECKOUT = join(__dirname, "../..");

/** The folder of the golden files. */
export const GOLDEN = join(CHECKOUT, "test/golden");

/** A folder of inputs taken from public reports, such as `T23`. */
export const trial = (id: string): string => join(CHECKOUT, "test/fixtures/trials", id);
