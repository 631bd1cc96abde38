import type { Cloudflare } from "../base/clients/cloudflare";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag, parseBuildTag, stackName } from "../base/model/build-tag";
import { edgeKeys, edgeUrls } from "../base/model/edge";
import { publicUrl } from "../base/model/endpoints";
import type { RecapLink } from "../base/model/recap-link";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { objectUrl } from "../retire/history";
import { dateOf, kindOf, plotOf, recapParts, titleOf } from "./document";
import { draftFolder, keepDraft } from "./drafts";
import { edgeRecords } from "./edge-records";
import type { RecapFacts } from "./facts";
import { gatherFacts } from "./gather";
import { mergeParts } from "./own-parts";
import { postOf } from "./post";
import { type Publication, type Published, publishPost, webPage } from "./publish";

/** What a draft is made from, and where it goes. */
export interface RecapWorld {
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Pick<Cloudflare, "getKv" | "putKv" | "listKv">;
  /** Of the edge. */
  readonly namespaceId: string;
}

/** Where a link to a document goes. */
export type LinkWorld = Pick<RecapWorld, "settings" | "namespaceId"> & {
  readonly cloudflare: Pick<Cloudflare, "putKv">;
};

/**
 * Makes the draft of a network's postmortem or recap: keeps it in the store, publishes it if there is a blog, and lets
 * the history at the edge link to it once the network is in the history.
 * @throws {UserError} when a system does not answer, or no record tells of the network
 */
export async function draftRecap(tag: BuildTag, world: RecapWorld, run: Run): Promise<void> {
  const { settings, store, cloudflare, namespaceId } = world;
  const quiet = { ...run, say: () => undefined };
  const records = await edgeRecords(tag, cloudflare, { accountId: settings.accountId, namespaceId }, store);
  const facts = await gatherFacts(tag, { store, settings, ...records }, quiet);
  const key = await keepDraft(store, draftFolder(facts), draftText(facts, settings));
  run.say(`${facts.tag}: the draft of its ${kindOf(facts)} is kept at ${key}`);
  const kept = objectUrl(settings.archive, key);
  if (settings.blogRepository === "") return linkTo(facts, kept, world);
  try {
    const published = await publishRecap(facts, settings);
    await linkTo(facts, addressOf(published, settings) ?? kept, world);
    run.say(`${facts.tag}: ${publishedInWords(published)}`);
  } catch (error) {
    await linkTo(facts, kept, world, true);
    throw error;
  }
}

/** @throws {UserError} when the settings name no blog */
export function requireBlog({ blogRepository }: Pick<Settings, "blogRepository">): void {
  if (blogRepository !== "") return;
  throw new UserError(
    "BlogMissing",
    "No blog is set, so there is nowhere to publish to.",
    "Set `blogRepository` to the URL of the blog's repository.",
    2,
  );
}

/** Publishes the document of some facts. @throws {UserError} when the blog's repository refuses */
export const publishRecap = (facts: RecapFacts, settings: Settings, isDry = false): Promise<Published> =>
  publishPost(settings.blogRepository, publicationOf(facts, settings), isDry);

/** What became of a publication, as the end of a sentence. */
export const publishedInWords = ({ patch, branch, path }: Published): string =>
  patch === "" ? `${path} in the blog is as it should be` : `published as ${path} on branch ${branch} of the blog`;

/**
 * Lets the history link to where a document was published, if the network is in the history.
 * @throws {UserError} when Cloudflare does not answer
 */
export async function linkPublished(facts: RecapFacts, published: Published, world: LinkWorld): Promise<void> {
  const url = addressOf(published, world.settings);
  if (url !== undefined) await linkTo(facts, url, world);
}

function publicationOf(facts: RecapFacts, settings: Settings): Publication {
  const post = postOfFacts(facts, settings);
  const merge = (existing: string | undefined) =>
    mergeParts(existing, post.frontMatter, recapParts(facts, post.plot.url));
  return { tag: parseBuildTag(facts.tag), post, message: titleOf(facts), merge, plot: plotOf(facts) };
}

/** The document as the store keeps it. It shows the plot of the edge, which stays. */
function draftText(facts: RecapFacts, settings: Settings): string {
  const { simmer } = edgeUrls(publicUrl(settings.discoveryHost, settings), parseBuildTag(facts.tag));
  return mergeParts(undefined, postOfFacts(facts, settings).frontMatter, recapParts(facts, simmer)).text;
}

function postOfFacts(facts: RecapFacts, settings: Settings) {
  const date = dateOf(facts);
  if (date !== undefined)
    return postOf({ tag: parseBuildTag(facts.tag), kind: kindOf(facts), title: titleOf(facts), date }, settings);
  throw new UserError(
    "RecapUndated",
    `No record of ${facts.tag} has a time, so its document has no date.`,
    `Run \`smeshnet recap ${facts.tag}\` to read what there is.`,
  );
}

const addressOf = ({ branch, path }: Published, { blogRepository }: Settings): string | undefined =>
  webPage(blogRepository, branch, path);

async function linkTo(facts: RecapFacts, url: string, world: LinkWorld, pending = false): Promise<void> {
  const { settings, cloudflare, namespaceId } = world;
  if (facts.openedAt === undefined) return; // not in the history yet
  const link: RecapLink = { schema: 1, kind: kindOf(facts), url, ...(pending && { pending }) };
  const key = edgeKeys.recap(stackName(parseBuildTag(facts.tag)), facts.openedAt);
  await cloudflare.putKv({ accountId: settings.accountId, namespaceId }, key, JSON.stringify(link));
}

/** Makes a draft. Whatever fails is only a line, since no retirement may fail for its story. */
export async function tryDraft(tag: BuildTag, draft: () => Promise<void>, run: Run): Promise<void> {
  try {
    await draft();
  } catch (error) {
    run.say(
      `${buildTag(tag)}: ${failureInWords(error)} A watcher that retires tries again, or run \`smeshnet recap ${buildTag(tag)} --publish\`.`,
    );
  }
}

/** `the draft of its postmortem is not made: The store is away.` */
export const failureInWords = (error: unknown): string =>
  `the draft of its postmortem is not made: ${error instanceof UserError ? error.what : String(error)}`;
