import type { Credentials } from "../model/credentials";
import { optionalVariable } from "./inputs";

/** Reads all credentials that are set. Whoever needs one that is missing says so. */
export const credentials = (): Credentials => ({
  cloudflareToken: optionalVariable("CLOUDFLARE_API_TOKEN"),
  cloudflareUrl: optionalVariable("CLOUDFLARE_BASE_URL"),
  awsAccessKeyId: optionalVariable("AWS_ACCESS_KEY_ID"),
  awsSecretAccessKey: optionalVariable("AWS_SECRET_ACCESS_KEY"),
  awsSessionToken: optionalVariable("AWS_SESSION_TOKEN"),
  awsCredentialExpiration: optionalVariable("AWS_CREDENTIAL_EXPIRATION"),
  awsRegion: optionalVariable("AWS_REGION"),
  googleKeyFile: optionalVariable("GOOGLE_APPLICATION_CREDENTIALS"),
  storageEmulator: optionalVariable("STORAGE_EMULATOR_HOST"),
  recordKey: optionalVariable("SMESHNET_RECORD_KEY"),
  spacecraftHome: optionalVariable("SPACECRAFT_HOME"),
});
