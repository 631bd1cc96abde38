import { utc } from "../../infra/base/web/format";
import { type Html, type HtmlValue, html, link, trusted } from "../../infra/base/web/html";
import { ICON, LOGO } from "../../infra/base/web/logo";
import type { Refusal } from "../core/rules";
import { SCRIPT } from "./script";
import { smhText } from "./smidge";
import { STYLE } from "./style";
import type { GiftView } from "./views";

/** What every page of a tap shows. Amounts are in smidge. */
export interface Facts {
  readonly network: string;
  readonly account: string;
  readonly amount: bigint;
  readonly budget: bigint;
  readonly left: bigint;
  /** Prefix of addresses. */
  readonly hrp: string;
  /** Bits of the gate `pow`; undefined without a gate. */
  readonly bits?: number;
  /** Why nobody gets a gift now. */
  readonly closed?: Refusal;
}

/** Seconds after which the page of a gift that waits loads again. */
const AGAIN = 5;

/** The page with the form, or with the reason why nobody gets a gift now. */
export const formPage = (facts: Facts): string =>
  layout(
    facts,
    html`<p class="lead">Get ${smhText(facts.amount)} for your address on this test network, once a day. They are worth
nothing elsewhere.</p>
${facts.closed ? notice(facts.closed, CLOSED_TITLES[facts.closed.code] ?? "No gifts now") : form(facts)}
${factRows(facts)}`,
  );

/** The page for somebody who gets nothing. @param address what they typed */
export const refusalPage = (facts: Facts, refusal: Refusal, address: string): string =>
  layout(
    facts,
    html`${notice(refusal, CLOSED_TITLES[refusal.code] ?? "No gift this time")}
${isCorrectable(refusal) ? form(facts, address) : html`<p class="next"><a href="/">Back to the form</a></p>\n`}
${factRows(facts)}`,
  );

/** Whether another try at once may help. */
const isCorrectable = ({ status }: Refusal): boolean => status === 400 || status === 403;

/** The page of one gift: on its way, paid, or failed. */
export function giftPage(facts: Facts, gift: GiftView): string {
  const { title, tone, text } = GIFT_WORDS[gift.state];
  const isWaiting = gift.state === "waiting";
  return layout(
    facts,
    html`<div class="notice" data-tone="${tone}"><h2>${title}</h2>
<p>${text}</p></div>
<dl class="rows">
${row("Amount", smhText(BigInt(gift.amount)))}${row("To", html`<code>${gift.address}</code>`)}${row(
  "Transaction",
  gift.transaction === null ? "is being signed" : html`<code>${gift.transaction}</code>`,
)}${gift.layer === null ? undefined : row("Layer", gift.layer)}${
  gift.explorer === null ? undefined : row("Explorer", link(gift.explorer, "See the transaction"))
}</dl>
<p class="next">${
      isWaiting
        ? "This page loads again by itself. You may close it: the promise is kept."
        : html`<a href="/">Back to the form</a>`
    }</p>
`,
    isWaiting ? html`<meta http-equiv="refresh" content="${AGAIN}">\n` : undefined,
  );
}

/** The page for an address that is no page of the tap. */
export const missingPage = (facts: Facts): string =>
  layout(
    facts,
    html`<div class="notice" data-tone="bad"><h2>Not found</h2><p>There is no such page or gift.</p></div>
<p class="next"><a href="/">Back to the form</a></p>
`,
  );

const GIFT_WORDS = {
  waiting: {
    title: "Your gift is on its way",
    tone: "wait",
    text: "The tap promised it. It is paid when the network has applied the transaction, which takes some layers.",
  },
  paid: { title: "Paid", tone: "good", text: "The network applied the transaction. The coins are yours." },
  failed: {
    title: "The transaction failed",
    tone: "bad",
    text: "The network did not carry it out, so nothing was paid. You may ask again today.",
  },
} as const;

const CLOSED_TITLES: Readonly<Record<string, string>> = {
  TapEmpty: "The tap is empty",
  NetworkNotReady: "The network is not ready",
  BudgetUsed: "No more gifts today",
};

const notice = ({ reason, tryAgain, gift }: Refusal, title: string): Html =>
  html`<div class="notice" data-tone="bad"><h2>${title}</h2>
<p>${reason}</p>${
    tryAgain === undefined ? undefined : html`\n<p>Try again after ${utc(new Date(tryAgain).toISOString())}.</p>`
  }${gift === undefined ? undefined : html`\n<p><a href="/gifts/${gift}">See the gift of today</a></p>`}</div>
`;

const form = ({ hrp, bits, amount }: Facts, address = ""): Html =>
  html`<form method="post" action="/gifts"${bits === undefined ? undefined : html` data-bits="${bits}"`}>
<label for="address">Your address</label>
<input id="address" name="address" value="${address}" placeholder="${hrp}1…" required maxlength="200"
 autocomplete="off" autocapitalize="none" spellcheck="false">
<input type="hidden" name="challenge"><input type="hidden" name="proof">
<button>Get ${smhText(amount)}</button>
<p role="status"></p>
${
  bits === undefined
    ? undefined
    : html`<noscript><p>This tap wants a proof of work, which this page computes with JavaScript. Without it, ask
<code>/api/challenge</code> and send the proof to <code>/api/gifts</code>.</p></noscript>\n`
}</form>
`;

const factRows = ({ amount, budget, left, account }: Facts): Html =>
  html`<dl class="rows">
${row("Gift", html`${smhText(amount)} for each address and each internet address, once a day (UTC)`)}${row(
  "Left today",
  `${smhText(left)} of ${smhText(budget)}`,
)}${row("Paid from", html`<code>${account}</code>`)}${row(
  "For programs",
  html`<a href="/api/status">/api/status</a>, <code>POST /api/gifts</code>`,
)}</dl>
`;

const row = (name: string, value: HtmlValue): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`;

const layout = ({ network }: Facts, main: HtmlValue, head?: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}<title>Tap of ${network}</title>
<link rel="icon" href="${trusted(ICON)}">
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<p class="kind">${LOGO} Spacemesh test network</p>
<h1>Tap <small>${network}</small></h1>
${main}</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.toString();
