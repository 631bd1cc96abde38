import { Refusal } from "./refusal";

/** Longest texts, in characters (Discord docs, Message resource: Create Message and Embed Limits). */
const LONGEST = { content: 2000, title: 256, description: 4096, name: 256, value: 1024, total: 6000 };
/** Most embeds in a message and most fields in an embed (same page). */
const MOST = { embeds: 10, fields: 25 };

interface Mistake {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Checks a message by Discord's rules.
 * @throws {Refusal} with Discord's codes for an empty message or broken limits, naming each place
 */
export function checkForm(message: Json): void {
  const { content = "", embeds = [] } = message as { content?: string; embeds?: Json[] };
  if (content === "" && embeds.length === 0) throw new Refusal(400, "Cannot send an empty message", { code: 50006 });
  const mistakes = [
    ...tooLong(["content"], content, LONGEST.content),
    ...tooMany(["embeds"], embeds, MOST.embeds),
    ...embeds.flatMap((embed, i) => mistakesOf(["embeds", i], embed)),
  ];
  const size = embeds.reduce((sum, embed) => sum + sizeOf(embed), 0);
  // Discord checks the total only after every part passed.
  if (mistakes.length === 0 && size > LONGEST.total)
    mistakes.push(
      mistake(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", `Embed size exceeds maximum size of ${LONGEST.total}`),
    );
  if (mistakes.length > 0) throw new Refusal(400, "Invalid Form Body", { code: 50035, errors: tree(mistakes) });
}

function mistakesOf(path: Mistake["path"], embed: Json): Mistake[] {
  const { title, description, url, fields = [] } = embed as { fields?: Json[] } & Json;
  return [
    ...tooLong([...path, "title"], title, LONGEST.title),
    ...tooLong([...path, "description"], description, LONGEST.description),
    ...notUrl([...path, "url"], url),
    ...tooMany([...path, "fields"], fields, MOST.fields),
    ...fields.flatMap((field, i) =>
      (["name", "value"] as const).flatMap((part) => {
        const at = [...path, "fields", i, part];
        return lengthOf(field[part]) === 0
          ? [mistake(at, "BASE_TYPE_REQUIRED", "This field is required")]
          : tooLong(at, field[part], LONGEST[part]);
      }),
    ),
  ];
}

function tooLong(path: Mistake["path"], value: unknown, longest: number): Mistake[] {
  if (lengthOf(value) <= longest) return [];
  return [mistake(path, "BASE_TYPE_MAX_LENGTH", `Must be ${longest} or fewer in length.`)];
}

function tooMany(path: Mistake["path"], list: readonly unknown[], most: number): Mistake[] {
  return list.length <= most ? [] : [mistake(path, "BASE_TYPE_MAX_LENGTH", `Must be ${most} or fewer in length.`)];
}

function notUrl(path: Mistake["path"], value: unknown): Mistake[] {
  if (value === undefined || (URL.canParse(String(value)) && /^https?:/.test(String(value)))) return [];
  return [mistake(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")];
}

const mistake = (path: Mistake["path"], code: string, message: string): Mistake => ({ path, code, message });

/** Length of titles, descriptions, and names and values of fields. Our messages have no footers or authors. */
function sizeOf({ title, description, fields = [] }: Json): number {
  const parts = (fields as Json[]).flatMap(({ name, value }) => [name, value]);
  return [title, description, ...parts].reduce<number>((sum, part) => sum + lengthOf(part), 0);
}

/** Discord trims texts and counts code points. */
const lengthOf = (value: unknown): number => [...String(value ?? "").trim()].length;

/** Mistakes in Discord's form: an object per step of the path, and `_errors` at its end. */
function tree(mistakes: readonly Mistake[]): Json {
  const root: Record<string, unknown> = {};
  for (const { path, code, message } of mistakes) {
    let at = root;
    for (const step of path) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at._errors = [{ code, message }];
  }
  return root;
}
