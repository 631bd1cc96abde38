import { UserError } from "../base/lib/errors";
import { releaseTag } from "../base/model/build-tag";
import { reasonAs } from "../base/model/promotion";
import { isProposed, isTooSmall, LEVELS, type Level, type Proposal, raised, type Wish } from "./bump";
import { offered } from "./text";

/** Where questions are asked, as the prompt library takes it; our standard streams by default. */
export interface Terminal {
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
  /** Ends a question. */
  readonly signal?: AbortSignal;
}

/**
 * Asks a person for the version, and for what another version than the proposed one needs. What flags say is not asked.
 * @throws {UserError} when the person gives up
 */
export async function askWish(proposal: Proposal, wish: Wish, terminal: Terminal): Promise<Wish> {
  const { select, confirm } = await import("@inquirer/prompts");
  const level = wish.version || wish.level ? wish.level : await answered(askLevel(select, proposal, terminal));
  if (level === undefined) return wish;
  const version = raised(proposal.last ?? { major: 0, minor: 0, patch: 0 }, level);
  const isForced =
    wish.isForced ||
    (isTooSmall(proposal, level) &&
      (await answered(
        confirm({ message: "Compatibility breaks, and this version hides it. Release it?", default: false }, terminal),
      )));
  if (isTooSmall(proposal, level) && !isForced) throw givenUp();
  const question = `Why not ${releaseTag(proposal.version)}, which the changes ask for?`;
  const reason = wish.reason ?? (isProposed(proposal, version) ? undefined : await askReason(question, terminal));
  return { level, reason, isForced };
}

/** Asks a person to agree. @throws {UserError} when the person does not */
export async function askAgreement(question: string, terminal: Terminal): Promise<void> {
  const { confirm } = await import("@inquirer/prompts");
  if (!(await answered(confirm({ message: question, default: true }, terminal)))) throw givenUp();
}

/** Asks a person to agree to the commit. @throws {UserError} when the person does not */
export const askCommit = (release: string, terminal: Terminal): Promise<void> =>
  askAgreement(`Commit it as "Releasing ${release}"?`, terminal);

/** Asks a person for a reason: one line. @throws {UserError} when the person gives up */
export async function askReason(question: string, terminal: Terminal): Promise<string> {
  const { input } = await import("@inquirer/prompts");
  const validate = (text: string) => {
    try {
      return reasonAs("The reason", text) !== "";
    } catch (error) {
      return error instanceof UserError ? error.what : "Write one line.";
    }
  };
  return answered(input({ message: question, validate }, terminal));
}

type Prompts = typeof import("@inquirer/prompts");

const askLevel = (select: Prompts["select"], proposal: Proposal, terminal: Terminal): Promise<Level> =>
  select(
    {
      message: "Which version?",
      default: proposal.level,
      choices: [...LEVELS].reverse().map((level) => {
        const version = raised(proposal.last ?? { major: 0, minor: 0, patch: 0 }, level);
        return { value: level, name: offered(version, level, isProposed(proposal, version)) };
      }),
    },
    terminal,
  );

/** An answer, or the person's wish to leave, by Ctrl+C. */
async function answered<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name)) throw givenUp();
    throw error;
  }
}

const givenUp = (): UserError =>
  new UserError(
    "PrepareGivenUp",
    "You gave up the release.",
    "Nothing was changed. Run the command again when it suits you.",
  );
