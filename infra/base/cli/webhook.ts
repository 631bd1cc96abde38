import { openWebhook, type Webhook } from "../clients/discord";
import { variable } from "./inputs";

/** The Discord webhook that announcements go to. @throws {UserError} when it is not set, or its URL is wrong */
export const webhook = (): Webhook => openWebhook(variable("DISCORD_WEBHOOK"));
