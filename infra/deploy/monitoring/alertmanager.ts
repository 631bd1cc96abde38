import { stringify } from "yaml";
import { seconds } from "./alert";
import type { WatchedNetwork } from "./network";
import { secretFile } from "./prometheus";

/** What a page explains, so that no ticket tells of it again. */
const EXPLAINED: Readonly<Record<string, readonly string[]>> = {
  NodesDown: ["TargetDown", "NoPeers", "NetworkStalled", "NodeStalled", "NodesApart"],
  NetworkStalled: ["NodeStalled", "VerifiedBehind", "NodesApart", "HareFails"],
  NoPoetMembers: ["PoetWithoutMembers"],
};

/** Longest wait for other alerts of one message, in seconds. */
const LONGEST_WAIT = 30;

/** Time until a message comes again, while nothing changed. */
const REMINDERS = { page: "4h", ticket: "24h" };

/** Markdown of Discord: a line for each alert. */
const MESSAGE = [
  "{{ range .Alerts }}",
  '**{{ if eq .Status "resolved" }}over: {{ end }}{{ .Annotations.summary }}**\n',
  '{{ if ne .Status "resolved" }}{{ .Annotations.description }}\n{{ end }}',
  "{{ end }}",
].join("");

/** Discord's own limits are 256 and 4096 characters; Alertmanager cuts at them. */
const TITLE = [
  "{{ .CommonLabels.network }}: {{ .CommonLabels.severity }} {{ .Status }}, ",
  "{{ len .Alerts }} {{ if eq (len .Alerts) 1 }}alert{{ else }}alerts{{ end }}",
].join("");

/**
 * Alertmanager's configuration: one message a severity, by its own Discord receiver. It reads the webhook's URL from a
 * file for each message, so the URL may come and change later. test/golden/alertmanager.yml shows the result.
 */
export function alertmanagerText({ layerDuration }: WatchedNetwork): string {
  const wait = seconds(Math.min(LONGEST_WAIT, layerDuration));
  return stringify(
    {
      route: {
        receiver: "discord",
        group_by: ["network", "severity"],
        group_wait: wait,
        group_interval: seconds(Math.min(300, 2 * layerDuration)),
        routes: Object.entries(REMINDERS).map(([severity, repeat_interval]) => ({
          matchers: [`severity="${severity}"`],
          repeat_interval,
        })),
      },
      inhibit_rules: Object.entries(EXPLAINED).map(([page, others]) => ({
        source_matchers: [`alertname="${page}"`],
        target_matchers: [`alertname=~"${others.join("|")}"`],
        equal: ["network"],
      })),
      receivers: [
        {
          name: "discord",
          discord_configs: [
            { webhook_url_file: secretFile("webhook"), send_resolved: true, title: TITLE, message: MESSAGE },
          ],
        },
      ],
    },
    { lineWidth: 0 },
  );
}
