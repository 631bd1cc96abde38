import { strictEqual } from "node:assert";
import { html, link, trusted } from "../../../../infra/base/web/html";

describe("html", () => {
  it("escapes values, and keeps markup", () => {
    strictEqual(html`<p title="${`"'`}">${"<&>"}</p>`.toString(), '<p title="&#34;&#39;">&#60;&#38;&#62;</p>');
    strictEqual(html`${trusted("<b>")}${html`<i>${"<"}</i>`}`.toString(), "<b><i>&#60;</i>");
  });

  it("joins lists, and leaves out undefined", () => {
    strictEqual(html`${[1, "a", [html`<i>`, undefined]]}${undefined}`.toString(), "1a<i>");
  });
});

describe("link", () => {
  it("links to addresses of the web only, since a browser could run another address as a script", () => {
    strictEqual(link("https://a.example/?b&c", "d").toString(), '<a href="https://a.example/?b&#38;c">d</a>');
    strictEqual(link("javascript:alert(1)").toString(), "javascript:alert(1)");
  });
});
