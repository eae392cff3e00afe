/**
 * The CI systems, as data. What a system does not say (most do not say what a push replaced) is left out here, and
 * the range is then taken wider, never narrower. Variables as in each system's own documentation.
 */
import { branchRef, type CiEnvironment, type CiEvent, type CiSystem, eventOf, type ReadText, tagRef } from "./event.ts";
import { githubActions } from "./github.ts";

const gitlab: CiSystem = {
  name: "GitLab CI",
  deepen: 'Set the variable GIT_DEPTH to "0".',
  isHere: ({ GITLAB_CI }) => GITLAB_CI === "true",
  event(env) {
    const { CI_PIPELINE_SOURCE = "", CI_COMMIT_SHA, CI_COMMIT_TAG, CI_COMMIT_BRANCH } = env;
    const main = env.CI_DEFAULT_BRANCH;
    const target = env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME ?? env.CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME;
    if (target) return gitlabMergeRequest(env, target);
    if (CI_COMMIT_TAG) return eventOf("tag", { ref: tagRef(CI_COMMIT_TAG), head: CI_COMMIT_SHA, main });
    if (CI_PIPELINE_SOURCE !== "push") return eventOf("full", { main });
    const parts = { ref: branchRef(CI_COMMIT_BRANCH), head: CI_COMMIT_SHA, main };
    return eventOf("push", { ...parts, before: [env.CI_COMMIT_BEFORE_SHA] });
  },
};

/** The checkout is the source branch, or for merged results and merge trains a merge that GitLab made. */
function gitlabMergeRequest(env: CiEnvironment, target: string): CiEvent {
  return eventOf(env.CI_MERGE_REQUEST_EVENT_TYPE === "merge_train" ? "merge-queue" : "pull-request", {
    ref: env.CI_MERGE_REQUEST_REF_PATH,
    head: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || env.CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA || env.CI_COMMIT_SHA,
    before: [
      env.CI_MERGE_REQUEST_TARGET_BRANCH_SHA,
      env.CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA,
      env.CI_MERGE_REQUEST_DIFF_BASE_SHA,
    ],
    target,
    main: env.CI_DEFAULT_BRANCH,
  });
}

const azure: CiSystem = {
  name: "Azure Pipelines",
  deepen: "Give the step `checkout: self` the line `fetchDepth: 0`.",
  isHere: ({ TF_BUILD }) => /^true$/i.test(TF_BUILD ?? ""),
  event(env) {
    const { BUILD_REASON = "", BUILD_SOURCEBRANCH: ref, BUILD_SOURCEVERSION: head } = env;
    if (env.SYSTEM_PULLREQUEST_TARGETBRANCH) {
      return eventOf("pull-request", {
        ref,
        head: env.SYSTEM_PULLREQUEST_SOURCECOMMITID ?? head,
        target: env.SYSTEM_PULLREQUEST_TARGETBRANCH,
      });
    }
    if (!/^(?:IndividualCI|BatchedCI)$/.test(BUILD_REASON)) return eventOf("full", {});
    return eventOf(ref?.startsWith("refs/tags/") ? "tag" : "push", { ref, head });
  },
};

const bitbucket: CiSystem = {
  name: "Bitbucket Pipelines",
  deepen: "Write `clone: { depth: full }` into bitbucket-pipelines.yml.",
  isHere: ({ BITBUCKET_BUILD_NUMBER }) => Boolean(BITBUCKET_BUILD_NUMBER),
  event(env) {
    const { BITBUCKET_COMMIT: head, BITBUCKET_TAG, BITBUCKET_BRANCH } = env;
    if (env.BITBUCKET_PR_ID) {
      return eventOf("pull-request", {
        ref: branchRef(BITBUCKET_BRANCH),
        head,
        before: [env.BITBUCKET_PR_DESTINATION_COMMIT],
        target: env.BITBUCKET_PR_DESTINATION_BRANCH,
      });
    }
    if (BITBUCKET_TAG) return eventOf("tag", { ref: tagRef(BITBUCKET_TAG), head });
    // Of a scheduled or manual pipeline only the trigger's name tells.
    const byHand = /schedule|manual|custom/i.test(env.BITBUCKET_PIPELINE_TRIGGER ?? "");
    return eventOf(byHand ? "full" : "push", { ref: branchRef(BITBUCKET_BRANCH), head });
  },
};

const circle: CiSystem = {
  name: "CircleCI",
  deepen: "Run `git fetch --unshallow` after the step `checkout`, if that was made with a depth.",
  isHere: ({ CIRCLECI }) => CIRCLECI === "true",
  event({ CIRCLE_SHA1: head, CIRCLE_TAG, CIRCLE_BRANCH, CIRCLE_PULL_REQUEST, CIRCLE_PR_NUMBER }) {
    if (CIRCLE_TAG) return eventOf("tag", { ref: tagRef(CIRCLE_TAG), head });
    const ref = CIRCLE_BRANCH?.startsWith("pull/") ? `refs/${CIRCLE_BRANCH}` : branchRef(CIRCLE_BRANCH);
    // It names no target, so a pull request is judged against the main branch.
    const kind = CIRCLE_PULL_REQUEST || CIRCLE_PR_NUMBER ? "pull-request" : "push";
    return eventOf(kind, { ref, head });
  },
};

const buildkite: CiSystem = {
  name: "Buildkite",
  deepen: "Take `--depth` out of BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS.",
  isHere: ({ BUILDKITE }) => BUILDKITE === "true",
  event(env) {
    const { BUILDKITE_COMMIT, BUILDKITE_TAG, BUILDKITE_BRANCH, BUILDKITE_SOURCE = "" } = env;
    const head = BUILDKITE_COMMIT === "HEAD" ? undefined : BUILDKITE_COMMIT;
    const main = env.BUILDKITE_PIPELINE_DEFAULT_BRANCH;
    const ref = branchRef(BUILDKITE_BRANCH);
    if (/^\d+$/.test(env.BUILDKITE_PULL_REQUEST ?? "")) {
      const target = env.BUILDKITE_PULL_REQUEST_BASE_BRANCH;
      return eventOf("pull-request", { ref, head, target, main });
    }
    if (BUILDKITE_TAG) return eventOf("tag", { ref: tagRef(BUILDKITE_TAG), head, main });
    return eventOf(BUILDKITE_SOURCE === "schedule" ? "full" : "push", { ref, head, main });
  },
};

const drone: CiSystem = {
  name: "Drone",
  deepen: "Leave `clone: depth` out of .drone.yml.",
  isHere: ({ DRONE, CI }) => DRONE === "true" || CI === "woodpecker",
  event(env) {
    const said = (name: string): string | undefined => env[`DRONE_${name}`] || env[`CI_${name}`];
    const event = said("BUILD_EVENT") ?? env.CI_PIPELINE_EVENT ?? "push";
    const parts = {
      ref: said("COMMIT_REF"),
      head: said("COMMIT_SHA"),
      main: env.DRONE_REPO_BRANCH || env.CI_REPO_DEFAULT_BRANCH,
    };
    if (event === "pull_request") {
      const target = env.DRONE_TARGET_BRANCH || env.CI_COMMIT_TARGET_BRANCH;
      return eventOf("pull-request", { ...parts, target });
    }
    if (event === "tag") return eventOf("tag", parts);
    if (event !== "push") return eventOf("full", { main: parts.main });
    return eventOf("push", { ...parts, before: [env.DRONE_COMMIT_BEFORE || env.CI_PREV_COMMIT_SHA] });
  },
};

const travis: CiSystem = {
  name: "Travis CI",
  deepen: "Write `git: { depth: false }` into .travis.yml.",
  isHere: ({ TRAVIS }) => TRAVIS === "true",
  event(env) {
    const { TRAVIS_EVENT_TYPE = "", TRAVIS_COMMIT, TRAVIS_BRANCH, TRAVIS_TAG } = env;
    const [before] = (env.TRAVIS_COMMIT_RANGE ?? "").split("...");
    if (TRAVIS_EVENT_TYPE === "pull_request") {
      const head = env.TRAVIS_PULL_REQUEST_SHA ?? TRAVIS_COMMIT;
      return eventOf("pull-request", { head, before: [before], target: TRAVIS_BRANCH });
    }
    if (TRAVIS_TAG) return eventOf("tag", { ref: tagRef(TRAVIS_TAG), head: TRAVIS_COMMIT });
    if (TRAVIS_EVENT_TYPE !== "push") return eventOf("full", {});
    return eventOf("push", { ref: branchRef(TRAVIS_BRANCH), head: TRAVIS_COMMIT, before: [before] });
  },
};

/** What it knows of a pull request stands in a properties file that another properties file names. */
const teamcity: CiSystem = {
  name: "TeamCity",
  deepen: "Switch shallow clones off in the VCS root (`teamcity.git.agent.shallowClone = false`).",
  isHere: ({ TEAMCITY_VERSION }) => Boolean(TEAMCITY_VERSION),
  event({ BUILD_VCS_NUMBER: head, TEAMCITY_BUILD_PROPERTIES_FILE }, read) {
    const build = properties(TEAMCITY_BUILD_PROPERTIES_FILE, read);
    const said = properties(build["teamcity.configuration.properties.file"], read);
    const target = said["teamcity.pullRequest.target.branch"];
    const branch = said["teamcity.build.branch"];
    if (target) {
      const number = said["teamcity.pullRequest.number"];
      return eventOf("pull-request", { ref: number && `refs/pull/${number}/head`, head, target });
    }
    if (/schedule/i.test(said["teamcity.build.triggeredBy"] ?? "")) return eventOf("full", {});
    return eventOf("push", { ref: branch === "<default>" ? undefined : branchRef(branch), head });
  },
};

/** A file of Java properties, as TeamCity writes it: `key=value` with backslashes before what is special. */
function properties(path: string | undefined, read: ReadText): Readonly<Record<string, string>> {
  const text = (path && read(path)) || "";
  const entries = text.split(/\r?\n/).flatMap((line) => {
    const [, key, value = ""] = /^((?:[^\\=:#!]|\\.)+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [[unescaped(key), unescaped(value)] as const];
  });
  return Object.fromEntries(entries);
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, "$1");

/** The git plug-in and the multibranch pipeline set these; last, since Jenkins agents run other systems' jobs, too. */
const jenkins: CiSystem = {
  name: "Jenkins",
  deepen: "Switch off the shallow clone in the job's Git settings (Advanced clone behaviours).",
  isHere: ({ JENKINS_URL }) => Boolean(JENKINS_URL),
  event(env) {
    const { GIT_COMMIT: head, CHANGE_TARGET, CHANGE_ID, TAG_NAME } = env;
    if (CHANGE_TARGET) {
      const ref = CHANGE_ID ? `refs/pull/${CHANGE_ID}/head` : undefined;
      return eventOf("pull-request", { ref, head, target: CHANGE_TARGET });
    }
    if (TAG_NAME) return eventOf("tag", { ref: tagRef(TAG_NAME), head });
    // Not GIT_PREVIOUS_COMMIT: what a build has found must not be known to the next one.
    const before = env.GIT_PREVIOUS_SUCCESSFUL_COMMIT;
    if (/TIMERTRIGGER/.test(env.BUILD_CAUSE ?? "")) return eventOf("full", {});
    return eventOf("push", { ref: branchRef(env.BRANCH_NAME ?? env.GIT_BRANCH), head, before: [before] });
  },
};

const systems: readonly CiSystem[] = [
  githubActions,
  gitlab,
  azure,
  bitbucket,
  circle,
  buildkite,
  drone,
  travis,
  teamcity,
  jenkins,
];

/** The CI system that a process with this environment runs in; `undefined` on a person's machine. */
export const systemOf = (env: CiEnvironment): CiSystem | undefined => systems.find(({ isHere }) => isHere(env));
