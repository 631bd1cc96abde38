// Prints the tags of the tests as a table: `node --import tsx test/support/tag-table.ts`.
import { violationsOf } from "../../infra/prepare/tags/rules";
import { BAD_TAGS, GOOD_TAGS } from "./tag-facts";

const rows = [...BAD_TAGS, ...GOOD_TAGS].map(({ tag, note, facts }) => {
  const [cause] = violationsOf(tag, facts);
  return [JSON.stringify(tag), note, cause?.rule ?? "good", cause ? `${cause.what} ${cause.fix}` : ""].join(" | ");
});
process.stdout.write(`| tag | note | rule | told |\n|--|--|--|--|\n${rows.map((row) => `| ${row} |\n`).join("")}`);
