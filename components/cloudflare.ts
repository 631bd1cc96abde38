import { Provider } from "@pulumi/cloudflare";
import { CLOUDFLARE_TOKEN, CLOUDFLARE_TOKENS, type CloudflarePart } from "../infra/base/model/cloudflare-token";

/**
 * The provider of one part of Cloudflare. Its plugin finds the part's own token, if there is one, where it looks for a
 * token. So the state holds only names of variables. The engine lets resources come from the default provider, which
 * made them before there were parts, without a change: Cloudflare's provider asks for no replacement.
 */
export const cloudflareProvider = (part: CloudflarePart): Provider =>
  new Provider(`cloudflare-${part}`, {}, { envVarMappings: { [CLOUDFLARE_TOKENS[part]]: CLOUDFLARE_TOKEN } });
