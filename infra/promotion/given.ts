import { jsonVariable } from "../cli";
import { promotionDocument } from "../documents";
import { PROMOTION_VARIABLE, type Promotion } from "./promotion";

/** The promotion that a channel's program was handed, if any. @throws {UserError} when it is damaged */
export const givenPromotion = (): Promotion | undefined =>
  process.env[PROMOTION_VARIABLE] ? jsonVariable(PROMOTION_VARIABLE, promotionDocument) : undefined;
