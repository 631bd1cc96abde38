import { openWebhook, type Webhook } from "../clients/discord";
import { variable } from "./inputs";

/** The Discord webhook that announcements go to. @throws {UserError} when there is none, or its URL is none */
export const webhookOfEnvironment = (): Webhook => openWebhook(variable("DISCORD_WEBHOOK"));
