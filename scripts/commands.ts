import type { Command } from "../infra/base/cli/command";

/** A command in the list: where it belongs, what it does, and how its declaration is loaded. */
interface Entry {
  /** A step of the release cycle. */
  readonly group: string;
  /** One line without a full stop. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** The only list of commands, in the order of the release cycle. A command's file is loaded when it is called. */
export const COMMANDS = {
  prepare: {
    group: "Review & Name",
    summary: "Compare the log with the changelog, choose the version and commit it",
    load: () => import("./prepare.js"),
  },
  "tag check": {
    group: "Review & Name",
    summary: "Judge a version tag by the rules of tags",
    load: () => import("./tag/check.js"),
  },
  "tag build": {
    group: "Build",
    summary: "Tag the next build of the version and push it, which deploys it",
    load: () => import("./tag/build.js"),
  },
  doctor: {
    group: "Deploy",
    summary: "Check everything that a first deployment needs, and change nothing",
    load: () => import("./doctor.js"),
  },
  "tls renew": {
    group: "Deploy",
    summary: "Renew the TLS certificate of all networks and channels, if it is due",
    load: () => import("./tls/renew.js"),
  },
  "tls status": {
    group: "Deploy",
    summary: "Show the TLS certificate of all networks and channels",
    load: () => import("./tls/status.js"),
  },
  deploy: {
    group: "Deploy",
    summary: "Deploy the network of a build tag, or the edge",
    load: () => import("./deploy.js"),
  },
  smoke: { group: "Deploy", summary: "Run the smoke test on a network", load: () => import("./smoke.js") },
  recover: {
    group: "Deploy",
    summary: "Clean up a stack after an interrupted run",
    load: () => import("./recover.js"),
  },
  preview: {
    group: "Deploy",
    summary: "Preview what a change does to every stack and to the release cycle",
    load: () => import("./preview.js"),
  },
  list: {
    group: "Watch",
    summary: "Show every network and channel, and what comes next",
    load: () => import("./list.js"),
  },
  status: {
    group: "Watch",
    summary: "Check a network by its public names, as its users reach it",
    load: () => import("./status.js"),
  },
  drift: {
    group: "Watch",
    summary: "Find what is not as the stacks say, and what no stack owns",
    load: () => import("./drift.js"),
  },
  "simmer watch": {
    group: "Watch",
    summary: "Watch networks, judge them, and retire those that stall",
    load: () => import("./simmer/watch.js"),
  },
  "simmer status": {
    group: "Watch",
    summary: "Show the days, the verdict and what is missing for the certificate",
    load: () => import("./simmer/status.js"),
  },
  "simmer visit": {
    group: "Watch",
    summary: "Visit explorer and dashboard, and note what you saw",
    load: () => import("./simmer/visit.js"),
  },
  "simmer certify": {
    group: "Release",
    summary: "Seal the certificate of a network whose days are full",
    load: () => import("./simmer/certify.js"),
  },
  "certificate verify": {
    group: "Release",
    summary: "Verify the certificate of a network's simmer offline",
    load: () => import("./certificate/verify.js"),
  },
  "tag release": {
    group: "Release",
    summary: "Tag the certified build as the release and push it, which promotes it",
    load: () => import("./tag/release.js"),
  },
  promote: { group: "Release", summary: "Move a channel to a release", load: () => import("./promote.js") },
  demote: {
    group: "Release",
    summary: "Move a channel back to its previous network",
    load: () => import("./demote.js"),
  },
  announce: {
    group: "Release",
    summary: "Show the announcement of a release, or resolve an uncertain one",
    load: () => import("./announce.js"),
  },
  retire: { group: "Retire", summary: "Archive a network and remove it", load: () => import("./retire.js") },
  recap: {
    group: "Retire",
    summary: "Write the postmortem or the recap of a network",
    load: () => import("./recap.js"),
  },
  "archive list": { group: "Retire", summary: "List archives", load: () => import("./archive/list.js") },
  "archive show": {
    group: "Retire",
    summary: "Show what an archive holds, or print a log from it",
    load: () => import("./archive/show.js"),
  },
  "archive seal": {
    group: "Retire",
    summary: "Adopt the records of a store from before seals, or replace a key",
    load: () => import("./archive/seal.js"),
  },
  "archive sync": {
    group: "Retire",
    summary: "Ship the new log lines of running networks into the store",
    load: () => import("./archive/sync.js"),
  },
  "archive verify": {
    group: "Retire",
    summary: "Read archives back and compare every byte",
    load: () => import("./archive/verify.js"),
  },
  completion: {
    group: "Shell",
    summary: "Print the completion script of a shell",
    load: () => import("./completion.js"),
  },
} as const satisfies Readonly<Record<string, Entry>>;

/** The commands as the list and the docs show them. */
export const listed = () => Object.entries(COMMANDS).map(([name, { group, summary }]) => ({ name, group, summary }));
