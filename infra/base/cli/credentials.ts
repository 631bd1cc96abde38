import { CLOUDFLARE_TOKEN, CLOUDFLARE_TOKENS } from "../model/cloudflare-token";
import { type Credentials, READER } from "../model/credentials";
import { optionalVariable } from "./inputs";

/** Reads all credentials that are set. Whoever needs one that is missing says so. */
export const credentials = (): Credentials => ({
  cloudflareToken: optionalVariable(CLOUDFLARE_TOKEN),
  cloudflareTokens: {
    dns: optionalVariable(CLOUDFLARE_TOKENS.dns),
    kv: optionalVariable(CLOUDFLARE_TOKENS.kv),
    workers: optionalVariable(CLOUDFLARE_TOKENS.workers),
  },
  cloudflareUrl: optionalVariable("CLOUDFLARE_BASE_URL"),
  awsAccessKeyId: optionalVariable("AWS_ACCESS_KEY_ID"),
  awsSecretAccessKey: optionalVariable("AWS_SECRET_ACCESS_KEY"),
  awsSessionToken: optionalVariable("AWS_SESSION_TOKEN"),
  awsCredentialExpiration: optionalVariable("AWS_CREDENTIAL_EXPIRATION"),
  storeReader: {
    awsAccessKeyId: optionalVariable(`${READER}AWS_ACCESS_KEY_ID`),
    awsSecretAccessKey: optionalVariable(`${READER}AWS_SECRET_ACCESS_KEY`),
    awsSessionToken: optionalVariable(`${READER}AWS_SESSION_TOKEN`),
    googleKeyFile: optionalVariable(`${READER}GOOGLE_APPLICATION_CREDENTIALS`),
  },
  awsRegion: optionalVariable("AWS_REGION"),
  googleKeyFile: optionalVariable("GOOGLE_APPLICATION_CREDENTIALS"),
  storageEmulator: optionalVariable("STORAGE_EMULATOR_HOST"),
  recordKey: optionalVariable("SMESHNET_RECORD_KEY"),
  spacecraftHome: optionalVariable("SPACECRAFT_HOME"),
});
