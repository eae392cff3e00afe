/**
 * GitHub Actions (and Forgejo and Gitea, which set the same variables). The payload of the event, a JSON file, is the
 * only place that says what was there before; fields as in docs.github.com, "Webhook events and payloads".
 */
import { type CiEnvironment, type CiEvent, type CiSystem, eventOf, type ReadText } from "./event.ts";

export const githubActions: CiSystem = {
  name: "GitHub Actions",
  deepen: "Give actions/checkout `with: fetch-depth: 0`.",
  isHere: ({ GITHUB_ACTIONS }) => GITHUB_ACTIONS === "true",
  event(env, read) {
    const payload = payloadOf(env, read);
    return (events[env.GITHUB_EVENT_NAME ?? ""] ?? full)(payload, env);
  },
};

type Payload = (...path: readonly string[]) => string | undefined;
type ReadEvent = (payload: Payload, env: CiEnvironment) => CiEvent;

const push: ReadEvent = (payload, { GITHUB_REF, GITHUB_SHA }) => {
  const ref = payload("ref") ?? GITHUB_REF ?? "";
  if (payload("deleted") === "true") return eventOf("none", { ref });
  return eventOf(ref.startsWith("refs/tags/") ? "tag" : "push", {
    ref,
    head: payload("after") ?? GITHUB_SHA,
    before: [payload("before")],
    main: payload("repository", "default_branch"),
  });
};

/** Its checkout is a merge made by GitHub (`pull_request`) or the base branch (`pull_request_target`), so HEAD says little. */
const pullRequest: ReadEvent = (payload, { GITHUB_BASE_REF }) => {
  const number = payload("pull_request", "number") ?? payload("number");
  return eventOf("pull-request", {
    ref: number === undefined ? undefined : `refs/pull/${number}/head`,
    head: payload("pull_request", "head", "sha"),
    before: [payload("pull_request", "base", "sha")],
    target: payload("pull_request", "base", "ref") ?? GITHUB_BASE_REF,
    main: payload("repository", "default_branch"),
  });
};

const mergeGroup: ReadEvent = (payload, { GITHUB_SHA, GITHUB_REF }) =>
  eventOf("merge-queue", {
    ref: payload("merge_group", "head_ref") ?? GITHUB_REF,
    head: payload("merge_group", "head_sha") ?? GITHUB_SHA,
    before: [payload("merge_group", "base_sha")],
    target: payload("merge_group", "base_ref"),
    main: payload("repository", "default_branch"),
  });

/** `create` comes beside the push that made a branch or tag, and names no commit. */
const create: ReadEvent = (payload, { GITHUB_REF, GITHUB_SHA }) =>
  eventOf(payload("ref_type") === "tag" ? "tag" : "push", {
    ref: GITHUB_REF,
    head: GITHUB_SHA,
    main: payload("master_branch") ?? payload("repository", "default_branch"),
  });

const release: ReadEvent = (payload, { GITHUB_REF, GITHUB_SHA }) =>
  eventOf("tag", { ref: GITHUB_REF, head: GITHUB_SHA, main: payload("repository", "default_branch") });

const full: ReadEvent = (payload) => eventOf("full", { main: payload("repository", "default_branch") });

/** By name of the event; any other is a person or a timer, who want everything. */
const events: Readonly<Record<string, ReadEvent>> = {
  push,
  pull_request: pullRequest,
  pull_request_target: pullRequest,
  pull_request_review: pullRequest,
  pull_request_review_comment: pullRequest,
  merge_group: mergeGroup,
  create,
  delete: (_, { GITHUB_REF }) => eventOf("none", { ref: GITHUB_REF }),
  release,
};

/** Reads strings, numbers and booleans of the payload as text. A payload that is no JSON has none. */
function payloadOf({ GITHUB_EVENT_PATH }: CiEnvironment, read: ReadText): Payload {
  const root = parsed(GITHUB_EVENT_PATH === undefined ? undefined : read(GITHUB_EVENT_PATH));
  return (...path) => {
    let at: unknown = root;
    for (const name of path) at = typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined;
    return typeof at === "string" || typeof at === "number" || typeof at === "boolean" ? String(at) : undefined;
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
