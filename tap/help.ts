import { Config, OTHER_VARIABLES, variableOf } from "./config";

/** What `--help` prints: how to start a tap, every variable, and what it serves. */
export function helpText(): string {
  const settings = Object.entries(Config.shape).map(([key, form]) => {
    const usual = form.safeParse(undefined);
    const value =
      usual.success && usual.data !== undefined && `${usual.data}` !== "" ? ` (default: ${usual.data})` : "";
    const needed = usual.success ? "" : " (required)";
    return `  ${variableOf(key)}\n      ${capital(form.description ?? "")}${value}${needed}.`;
  });
  const others = Object.entries(OTHER_VARIABLES).map(([name, text]) => `  ${name}\n      ${capital(text)}.`);
  return [
    "The tap gives test coins of one network: one gift a day for each address and each internet address.",
    "Usage: node --import tsx tap/main.ts",
    "It takes no arguments. Settings come from variables, or from the JSON file that TAP_CONFIG names, without\n" +
      'the prefix: {"network": "v1.2.3+1", "trustedProxies": ["10.0.0.0/8"], ...}.',
    `Settings:\n${settings.join("\n")}`,
    `Other variables:\n${others.join("\n")}`,
    SERVED,
    KEPT,
    EXAMPLES,
    "Exit codes:\n  0  ended by SIGTERM or SIGINT, with all promises kept in the journal\n" +
      "  1  something outside failed, such as the disk or the lock\n  2  the settings are wrong: nothing was touched",
  ].join("\n\n");
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const SERVED = `It serves:
  GET /                  page with a form, which works without JavaScript unless the gate is pow
  GET /gifts/ID          page of a gift
  POST /api/gifts        {"address", "challenge"?, "proof"?} -> 202 {"id", "state", "transaction", "explorer", ...},
                         or {"error", "reason", "tryAgain"?, "gift"?} with 400, 403, 429 or 503
  GET /api/gifts/ID      the same document; state is waiting, paid or failed
  GET /api/challenge?address=ADDRESS
                         {"gate": "pow", "challenge", "bits"}: sha256 of CHALLENGE:PROOF must begin with so many 0 bits
  GET /api/status        amount, budget, balance, gate, and why nobody gets a gift now
  GET /healthz           200 while the journal can be written and the loop is alive, else 503 with the reasons
At TAP_METRICS_LISTEN it serves:
  GET /metrics           balance, budget, gifts and refusals, for Prometheus`;

const KEPT = `It keeps in its data folder:
  journal.jsonl          all promises and transactions; never edit or remove it while the network lives
  lock                   held by the one process that may use the folder`;

const EXAMPLES = `Examples:
  TAP_CONFIG=/etc/tap.json TAP_SEED_FILE=/run/secrets/tap-seed node --import tsx tap/main.ts
      Start with a file of settings.
  curl -d '{"address": "stest1..."}' -H 'Content-Type: application/json' http://127.0.0.1:8080/api/gifts
      Ask for a gift at a tap with gate none.`;
