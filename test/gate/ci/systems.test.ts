import { describe, expect, it } from "vitest";
import type { CiEvent } from "../../../src/gate/ci/event.ts";
import { systemOf } from "../../../src/gate/ci/systems.ts";

const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
const zeros = "0".repeat(40);

type Environment = Readonly<Record<string, string>>;

/** The event that `env` describes; `files` are what it names. */
function eventIn(env: Environment, files: Readonly<Record<string, string>> = {}): CiEvent | undefined {
  return systemOf(env)?.event(env, (path) => files[path]);
}

const actions = (name: string, payload: object, others: Environment = {}): CiEvent | undefined =>
  eventIn(
    { GITHUB_ACTIONS: "true", GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: "/event", ...others },
    { "/event": JSON.stringify(payload) },
  );

const pull = {
  number: 7,
  pull_request: {
    number: 7,
    base: { ref: "main", sha: a, repo: { full_name: "acme/app" } },
    head: { ref: "work", sha: b, repo: { full_name: "ann/app" } },
  },
};

describe("GitHub Actions", () => {
  it.each<[string, CiEvent | undefined, CiEvent]>([
    [
      "a push",
      actions("push", { ref: "refs/heads/x", before: a, after: b, repository: { default_branch: "main" } }),
      { kind: "push", ref: "refs/heads/x", head: b, before: [a], main: "main" },
    ],
    [
      "the first push of a branch",
      actions("push", { ref: "refs/heads/x", before: zeros, after: b, created: true }),
      { kind: "push", ref: "refs/heads/x", head: b, before: [] },
    ],
    [
      "a pushed tag",
      actions("push", { ref: "refs/tags/v1", before: zeros, after: b }),
      { kind: "tag", ref: "refs/tags/v1", head: b, before: [] },
    ],
    [
      "a deleted branch",
      actions("push", { ref: "refs/heads/x", before: a, after: zeros, deleted: true }),
      { kind: "none", ref: "refs/heads/x", before: [] },
    ],
    [
      "a pull request of a fork",
      actions("pull_request", pull),
      { kind: "pull-request", ref: "refs/pull/7/head", head: b, before: [a], target: "main" },
    ],
    [
      "a pull request on its target's side",
      actions("pull_request_target", pull, { GITHUB_SHA: a }),
      { kind: "pull-request", ref: "refs/pull/7/head", head: b, before: [a], target: "main" },
    ],
    [
      "a merge queue",
      actions("merge_group", {
        merge_group: {
          head_sha: b,
          base_sha: a,
          base_ref: "refs/heads/main",
          head_ref: "refs/heads/gh-readonly-queue/x",
        },
      }),
      { kind: "merge-queue", ref: "refs/heads/gh-readonly-queue/x", head: b, before: [a], target: "main" },
    ],
    ["a timer", actions("schedule", { schedule: "0 0 * * *" }), { kind: "full", before: [] }],
    ["a person", actions("workflow_dispatch", {}), { kind: "full", before: [] }],
    [
      "a release",
      actions("release", {}, { GITHUB_REF: "refs/tags/v1", GITHUB_SHA: b }),
      { kind: "tag", ref: "refs/tags/v1", head: b, before: [] },
    ],
    [
      "a push whose payload can't be read",
      eventIn({ GITHUB_ACTIONS: "true", GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/x", GITHUB_SHA: b }),
      { kind: "push", ref: "refs/heads/x", head: b, before: [] },
    ],
  ])("tells of %s", (_, event, expected) => {
    expect(event).toEqual(expected);
  });
});

const gitlab = { GITLAB_CI: "true", CI_COMMIT_SHA: b, CI_DEFAULT_BRANCH: "main" };
const azure = { TF_BUILD: "True", BUILD_SOURCEVERSION: b };
const bitbucket = { BITBUCKET_BUILD_NUMBER: "1", BITBUCKET_COMMIT: b };
const circle = { CIRCLECI: "true", CIRCLE_SHA1: b };
const buildkite = { BUILDKITE: "true", BUILDKITE_COMMIT: b, BUILDKITE_PIPELINE_DEFAULT_BRANCH: "main" };
const drone = { DRONE: "true", DRONE_COMMIT_SHA: b, DRONE_REPO_BRANCH: "main", DRONE_COMMIT_REF: "refs/heads/x" };
const woodpecker = { CI: "woodpecker", CI_COMMIT_SHA: b, CI_COMMIT_REF: "refs/heads/x" };
const travis = { TRAVIS: "true", TRAVIS_COMMIT: b, TRAVIS_BRANCH: "x", TRAVIS_COMMIT_RANGE: `${a}...${b}` };
const jenkins = { JENKINS_URL: "https://ci.example/", GIT_COMMIT: b };

describe.each<[string, readonly (readonly [string, Environment, CiEvent])[]]>([
  [
    "GitLab CI",
    [
      [
        "a push",
        { ...gitlab, CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "x", CI_COMMIT_BEFORE_SHA: a },
        { kind: "push", ref: "refs/heads/x", head: b, before: [a], main: "main" },
      ],
      [
        "the first push of a branch",
        { ...gitlab, CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "x", CI_COMMIT_BEFORE_SHA: zeros },
        { kind: "push", ref: "refs/heads/x", head: b, before: [], main: "main" },
      ],
      [
        "a tag",
        { ...gitlab, CI_PIPELINE_SOURCE: "push", CI_COMMIT_TAG: "v1", CI_COMMIT_BEFORE_SHA: zeros },
        { kind: "tag", ref: "refs/tags/v1", head: b, before: [], main: "main" },
      ],
      [
        "a merge request of a fork",
        {
          ...gitlab,
          CI_PIPELINE_SOURCE: "merge_request_event",
          CI_MERGE_REQUEST_REF_PATH: "refs/merge-requests/7/head",
          CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "release",
          CI_MERGE_REQUEST_DIFF_BASE_SHA: a,
          CI_MERGE_REQUEST_TARGET_BRANCH_SHA: "",
          CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2",
          CI_MERGE_REQUEST_PROJECT_ID: "1",
        },
        {
          kind: "pull-request",
          ref: "refs/merge-requests/7/head",
          head: b,
          before: [a],
          target: "release",
          main: "main",
        },
      ],
      [
        "a merge train",
        {
          ...gitlab,
          CI_MERGE_REQUEST_EVENT_TYPE: "merge_train",
          CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
          CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: c,
          CI_MERGE_REQUEST_TARGET_BRANCH_SHA: a,
        },
        { kind: "merge-queue", head: c, before: [a], target: "main", main: "main" },
      ],
      ["a timer", { ...gitlab, CI_PIPELINE_SOURCE: "schedule" }, { kind: "full", before: [], main: "main" }],
    ],
  ],
  [
    "Azure Pipelines",
    [
      [
        "a push",
        { ...azure, BUILD_REASON: "IndividualCI", BUILD_SOURCEBRANCH: "refs/heads/x" },
        { kind: "push", ref: "refs/heads/x", head: b, before: [] },
      ],
      [
        "a tag",
        { ...azure, BUILD_REASON: "IndividualCI", BUILD_SOURCEBRANCH: "refs/tags/v1" },
        { kind: "tag", ref: "refs/tags/v1", head: b, before: [] },
      ],
      [
        "a pull request",
        {
          ...azure,
          BUILD_REASON: "PullRequest",
          BUILD_SOURCEBRANCH: "refs/pull/7/merge",
          SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/main",
          SYSTEM_PULLREQUEST_SOURCECOMMITID: c,
          SYSTEM_PULLREQUEST_ISFORK: "True",
        },
        { kind: "pull-request", ref: "refs/pull/7/merge", head: c, before: [], target: "main" },
      ],
      ["a timer", { ...azure, BUILD_REASON: "Schedule" }, { kind: "full", before: [] }],
    ],
  ],
  [
    "Bitbucket Pipelines",
    [
      ["a push", { ...bitbucket, BITBUCKET_BRANCH: "x" }, { kind: "push", ref: "refs/heads/x", head: b, before: [] }],
      ["a tag", { ...bitbucket, BITBUCKET_TAG: "v1" }, { kind: "tag", ref: "refs/tags/v1", head: b, before: [] }],
      [
        "a pull request",
        { ...bitbucket, BITBUCKET_BRANCH: "x", BITBUCKET_PR_ID: "7", BITBUCKET_PR_DESTINATION_BRANCH: "main" },
        { kind: "pull-request", ref: "refs/heads/x", head: b, before: [], target: "main" },
      ],
    ],
  ],
  [
    "CircleCI",
    [
      ["a push", { ...circle, CIRCLE_BRANCH: "x" }, { kind: "push", ref: "refs/heads/x", head: b, before: [] }],
      ["a tag", { ...circle, CIRCLE_TAG: "v1" }, { kind: "tag", ref: "refs/tags/v1", head: b, before: [] }],
      [
        "a pull request of a fork",
        {
          ...circle,
          CIRCLE_BRANCH: "pull/7",
          CIRCLE_PR_NUMBER: "7",
          CIRCLE_PULL_REQUEST: "https://github.com/a/b/pull/7",
        },
        { kind: "pull-request", ref: "refs/pull/7", head: b, before: [] },
      ],
    ],
  ],
  [
    "Buildkite",
    [
      [
        "a push",
        { ...buildkite, BUILDKITE_BRANCH: "x", BUILDKITE_PULL_REQUEST: "false" },
        { kind: "push", ref: "refs/heads/x", head: b, before: [], main: "main" },
      ],
      [
        "a pull request of a fork",
        {
          ...buildkite,
          BUILDKITE_BRANCH: "ann:x",
          BUILDKITE_PULL_REQUEST: "7",
          BUILDKITE_PULL_REQUEST_BASE_BRANCH: "main",
        },
        {
          kind: "pull-request",
          ref: "refs/heads/ann:x",
          head: b,
          before: [],
          target: "main",
          main: "main",
        },
      ],
      [
        "a timer",
        { ...buildkite, BUILDKITE_BRANCH: "main", BUILDKITE_SOURCE: "schedule", BUILDKITE_PULL_REQUEST: "false" },
        { kind: "full", ref: "refs/heads/main", head: b, before: [], main: "main" },
      ],
    ],
  ],
  [
    "Drone",
    [
      [
        "a push",
        { ...drone, DRONE_BUILD_EVENT: "push", DRONE_COMMIT_BEFORE: a },
        { kind: "push", ref: "refs/heads/x", head: b, before: [a], main: "main" },
      ],
      [
        "a pull request",
        {
          ...drone,
          DRONE_BUILD_EVENT: "pull_request",
          DRONE_TARGET_BRANCH: "main",
          DRONE_COMMIT_REF: "refs/pull/7/head",
        },
        {
          kind: "pull-request",
          ref: "refs/pull/7/head",
          head: b,
          before: [],
          target: "main",
          main: "main",
        },
      ],
      ["a timer", { ...drone, DRONE_BUILD_EVENT: "cron" }, { kind: "full", before: [], main: "main" }],
      [
        "a push on Woodpecker",
        { ...woodpecker, CI_PIPELINE_EVENT: "push", CI_PREV_COMMIT_SHA: a },
        { kind: "push", ref: "refs/heads/x", head: b, before: [a] },
      ],
    ],
  ],
  [
    "Travis CI",
    [
      ["a push", { ...travis, TRAVIS_EVENT_TYPE: "push" }, { kind: "push", ref: "refs/heads/x", head: b, before: [a] }],
      [
        "a pull request of a fork",
        {
          ...travis,
          TRAVIS_EVENT_TYPE: "pull_request",
          TRAVIS_PULL_REQUEST_SHA: c,
          TRAVIS_PULL_REQUEST_SLUG: "ann/app",
          TRAVIS_REPO_SLUG: "acme/app",
        },
        { kind: "pull-request", head: c, before: [a], target: "x" },
      ],
      ["a timer", { ...travis, TRAVIS_EVENT_TYPE: "cron" }, { kind: "full", before: [] }],
    ],
  ],
  [
    "Jenkins",
    [
      [
        "a push, measured from the last build that passed",
        { ...jenkins, BRANCH_NAME: "x", GIT_PREVIOUS_SUCCESSFUL_COMMIT: a, GIT_PREVIOUS_COMMIT: c },
        { kind: "push", ref: "refs/heads/x", head: b, before: [a] },
      ],
      [
        "a push after nothing but failures",
        { ...jenkins, GIT_BRANCH: "origin/x", GIT_PREVIOUS_COMMIT: c },
        { kind: "push", ref: "refs/heads/x", head: b, before: [] },
      ],
      [
        "a pull request",
        { ...jenkins, BRANCH_NAME: "PR-7", CHANGE_ID: "7", CHANGE_TARGET: "main" },
        { kind: "pull-request", ref: "refs/pull/7/head", head: b, before: [], target: "main" },
      ],
      ["a tag", { ...jenkins, TAG_NAME: "v1" }, { kind: "tag", ref: "refs/tags/v1", head: b, before: [] }],
    ],
  ],
])("%s", (name, rows) => {
  it.each(rows)("tells of %s", (_, env, expected) => {
    expect(systemOf(env)?.name).toBe(name);
    expect(eventIn(env)).toEqual(expected);
  });
});

describe("TeamCity", () => {
  const env = { TEAMCITY_VERSION: "2024.1", BUILD_VCS_NUMBER: b, TEAMCITY_BUILD_PROPERTIES_FILE: "/build" };
  const build = "teamcity.configuration.properties.file=/config\n";

  it("tells of a pull request, from the file that its properties name", () => {
    const config = "#Wed\nteamcity.pullRequest.number=7\nteamcity.pullRequest.target.branch=refs/heads/re\\:lease\n";
    expect(eventIn(env, { "/build": build, "/config": config })).toEqual({
      kind: "pull-request",
      ref: "refs/pull/7/head",
      head: b,
      before: [],
      target: "re:lease",
    });
  });

  it("tells of a push, with its branch where that is not the default one", () => {
    const onBranch = eventIn(env, { "/build": build, "/config": "teamcity.build.branch=x\n" });
    expect(onBranch).toEqual({ kind: "push", ref: "refs/heads/x", head: b, before: [] });
    const onDefault = eventIn(env, { "/build": build, "/config": "teamcity.build.branch=<default>\n" });
    expect(onDefault).toEqual({ kind: "push", head: b, before: [] });
    expect(eventIn(env)).toEqual({ kind: "push", head: b, before: [] });
  });
});

it("a person's machine is no CI system", () => {
  expect(systemOf({ PATH: "/bin", CI: "true" })).toBeUndefined();
});
