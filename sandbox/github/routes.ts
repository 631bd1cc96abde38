import type { Call } from "./contract";
import { type Documents, isApp, numberOf } from "./documents";
import type { GithubFaultFile } from "./faults";
import { pageOf } from "./pages";
import { notAccessible, notFound, Refusal } from "./refusal";
import type { Comment, GithubFile, Pull } from "./state";

/** Whose token it is, and what it may do. */
export interface Token {
  /** `github-actions[bot]` for the token of a workflow; a name without `[bot]` is a person. */
  readonly login: string;
  /** What it may write. A token of a pull request from a fork may write nothing. */
  readonly may: readonly ("comments" | "checks" | "statuses")[];
  /** The repositories that it sees, as `owner/name`; all by default. */
  readonly sees?: readonly string[];
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly link?: string;
}

export interface World {
  readonly file: GithubFile;
  readonly faults: GithubFaultFile;
  readonly documents: Documents;
  /** Comments before the newest write. */
  before: readonly Comment[];
}

type Route = (call: Call, token: Token, world: World, url: URL) => Answer;

/** GitHub's limits: a comment by its error 422, a commit status by its REST documentation. */
const LONGEST_BODY = 65_536;
const LONGEST_DESCRIPTION = 140;

export const routes: Readonly<Record<string, Route>> = {
  "issues/list-comments"(call, token, { file, faults, documents, before }, url) {
    const { repository, number } = pullOf(call, token, file);
    const all = faults.takes("lag") ? before : file.state.comments;
    const ours = all.filter((one) => one.repository === repository && one.issue === number);
    const { shown, link } = pageOf(ours, call.query, url, faults.now().perPage);
    return { status: 200, body: shown.map((one) => documents.comment(one)), link };
  },

  "issues/create-comment"(call, token, world) {
    const pull = pullOf(call, token, world.file);
    mayComment(pull, token, "create");
    const body = bodyOf(call, world);
    world.before = world.file.state.comments;
    const comment = world.file.comment(pull.repository, pull.number, token.login, body);
    return { status: 201, body: world.documents.comment(comment) };
  },

  "issues/get-comment": (call, token, { file, documents }) => ({
    status: 200,
    body: documents.comment(commentOf(call, token, file)),
  }),

  "issues/update-comment"(call, token, world) {
    const comment = commentOf(call, token, world.file);
    const pull = world.file.pull(comment.repository, comment.issue);
    if (pull) mayComment(pull, token, "update");
    const changed = { ...comment, body: bodyOf(call, world), updatedAt: new Date().toISOString() };
    write(
      world,
      world.file.state.comments.map((one) => (one === comment ? changed : one)),
    );
    return { status: 200, body: world.documents.comment(changed) };
  },

  "issues/delete-comment"(call, token, world) {
    const comment = commentOf(call, token, world.file);
    if (!token.may.includes("comments")) throw notAccessible();
    write(
      world,
      world.file.state.comments.filter((one) => one !== comment),
    );
    return { status: 204 };
  },

  "pulls/get": (call, token, { file, documents }) => ({ status: 200, body: documents.pull(pullOf(call, token, file)) }),

  "checks/create"(call, token, { file, documents }) {
    const repository = repositoryOf(call, token, file);
    const app = appOf(token);
    const { name, head_sha: sha, ...sent } = call.body as { name: string; head_sha: string };
    isCommit(sha);
    const check = { id: file.nextId(), repository, sha, name, app, sent };
    file.state.checks.push(check);
    file.save();
    return { status: 201, body: documents.check(check) };
  },

  "checks/get"(call, token, { file, documents }) {
    return { status: 200, body: documents.check(checkOf(call, token, file)) };
  },

  "checks/update"(call, token, { file, documents }) {
    const check = checkOf(call, token, file);
    if (appOf(token) !== check.app) throw notAccessible();
    const { name = check.name, ...sent } = call.body as { name?: string };
    const changed = { ...check, name, sent: { ...check.sent, ...sent } };
    file.state.checks = file.state.checks.map((one) => (one === check ? changed : one));
    file.save();
    return { status: 200, body: documents.check(changed) };
  },

  "checks/list-for-ref"(call, token, { file, documents }, url) {
    const repository = repositoryOf(call, token, file);
    const { check_name: name, app_id: app, filter = "latest" } = call.query;
    const all = file.state.checks
      .filter((one) => one.repository === repository && one.sha === call.path.ref)
      .filter((one) => (name === undefined || one.name === name) && (!app || `${numberOf(one.app)}` === app))
      .reverse();
    const isLatest = (one: (typeof all)[number]) =>
      all.find(({ name, app }) => name === one.name && app === one.app) === one;
    const { shown, link } = pageOf(filter === "all" ? all : all.filter(isLatest), call.query, url);
    const runs = shown.map((one) => documents.check(one));
    return { status: 200, body: { total_count: runs.length, check_runs: runs }, link };
  },

  "repos/create-commit-status"(call, token, { file, documents }) {
    const repository = repositoryOf(call, token, file);
    if (!token.may.includes("statuses")) throw notAccessible();
    const { sha = "" } = call.path;
    isCommit(sha);
    const sent = call.body as { description?: string };
    if ((sent.description ?? "").length > LONGEST_DESCRIPTION) {
      throw tooLong("Status", "description", "description", LONGEST_DESCRIPTION);
    }
    const status = { id: file.nextId(), repository, sha, creator: token.login, sent: { context: "default", ...sent } };
    file.state.statuses.push(status);
    file.save();
    return { status: 201, body: documents.status(status) };
  },

  "repos/list-commit-statuses-for-ref"(call, token, { file, documents }, url) {
    const repository = repositoryOf(call, token, file);
    const all = file.state.statuses.filter((one) => one.repository === repository && one.sha === call.path.ref);
    const { shown, link } = pageOf(all.reverse(), call.query, url);
    return { status: 200, body: shown.map((one) => documents.status(one)), link };
  },

  "users/get-authenticated"(_call, { login }, { documents }) {
    if (isApp(login)) throw notAccessible();
    return { status: 200, body: documents.account(login) };
  },
};

function repositoryOf({ path }: Call, { sees }: Token, file: GithubFile): string {
  const name = `${path.owner}/${path.repo}`;
  const isThere = file.state.pulls.some(({ repository }) => repository === name);
  if (!isThere || (sees && !sees.includes(name))) throw notFound();
  return name;
}

function pullOf(call: Call, token: Token, file: GithubFile): Pull {
  const number = Number(call.path.issue_number ?? call.path.pull_number);
  const pull = file.pull(repositoryOf(call, token, file), number);
  if (!pull) throw notFound();
  return pull;
}

function commentOf(call: Call, token: Token, file: GithubFile): Comment {
  const repository = repositoryOf(call, token, file);
  const id = Number(call.path.comment_id);
  const comment = file.state.comments.find((one) => one.repository === repository && one.id === id);
  if (!comment) throw notFound();
  return comment;
}

function checkOf(call: Call, token: Token, file: GithubFile) {
  const repository = repositoryOf(call, token, file);
  const id = Number(call.path.check_run_id);
  const check = file.state.checks.find((one) => one.repository === repository && one.id === id);
  if (!check) throw notFound();
  return check;
}

/** The app of a token that may write check runs. */
function appOf({ login, may }: Token): string {
  if (!isApp(login)) throw new Refusal(403, "You must authenticate via a GitHub App.");
  if (!may.includes("checks")) throw notAccessible();
  return login.replace("[bot]", "");
}

function mayComment({ locked }: Pull, { may, login }: Token, act: "create" | "update"): void {
  if (!may.includes("comments")) throw notAccessible();
  if (locked && isApp(login)) throw new Refusal(403, `Unable to ${act} comment because issue is locked.`);
}

function bodyOf({ body }: Call, { faults }: World): string {
  const { body: text } = body as { body: string };
  const longest = faults.now().longestBody ?? LONGEST_BODY;
  if (text.trim() === "") throw unprocessable("IssueComment", "data", "Body can't be blank");
  if ([...text].length > longest) throw tooLong("IssueComment", "data", "Body", longest);
  return text;
}

/** Only commits have check runs and statuses. */
function isCommit(sha: string): void {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`);
}

const tooLong = (resource: string, field: string, what: string, most: number): Refusal =>
  unprocessable(resource, field, `${what} is too long (maximum is ${most} characters)`);

const unprocessable = (resource: string, field: string, message: string): Refusal =>
  new Refusal(422, "Validation Failed", { errors: [{ resource, code: "unprocessable", field, message }] });

function write(world: World, comments: Comment[]): void {
  world.before = world.file.state.comments;
  world.file.state.comments = comments;
  world.file.save();
}
