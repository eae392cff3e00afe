/**
 * How each CI system is told to run leaksweep, as data. `init` writes a file that is ours alone, or one that is not there
 * yet; what it would have to put into somebody's file it shows. The pages under docs/ci say more about each.
 */

export interface Recipe {
  /** Of the system. */
  readonly name: string;
  /** The system's file, from the root of the repository. */
  readonly file: string;
  /** The system reads every file of that folder, so that ours stands beside others. */
  readonly isOwn: boolean;
  /** Any of these says that the system is in use; a `/` at the end means a folder. */
  readonly signs: readonly string[];
  /** Host of the forge whose system it is. */
  readonly host?: RegExp;
  /** The whole file. */
  readonly text: (run: string) => string;
}

/** What a repository shows of itself. */
export interface Surroundings {
  /** Whether a path from its root is there; a `/` at the end means a folder. */
  readonly has: (path: string) => boolean;
  /** Hosts of its remotes. */
  readonly hosts: readonly string[];
}

/** The recipes of the systems in use; without any those of the forge that the repository is pushed to. */
export function recipesFor({ has, hosts }: Surroundings): readonly Recipe[] {
  const used = recipes.filter(({ signs }) => signs.some(has));
  if (used.length > 0) return used;
  return recipes.filter(({ host }) => host !== undefined && hosts.some((name) => host.test(name)));
}

/** The command that a job runs, for a version of leaksweep such as `0.1.0`. */
export const ciCommand = (version: string): string =>
  `npx --yes leaksweep@${version.split(".").slice(0, 2).join(".")} ci`;

const recipes: readonly Recipe[] = [
  {
    name: "GitHub Actions",
    file: ".github/workflows/leaksweep.yml",
    isOwn: true,
    signs: [".github/"],
    host: /^github\.com$/,
    text: (run) => `name: leaksweep
on:
  push:
  pull_request:
  merge_group:
  schedule: [{ cron: "17 3 * * 1" }]
permissions:
  contents: read
jobs:
  leaksweep:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { fetch-depth: 0 }
      - uses: actions/setup-node@v4
        with: { node-version: 24 }
      - run: ${run}
`,
  },
  {
    name: "GitLab CI",
    file: ".gitlab-ci.yml",
    isOwn: false,
    signs: [".gitlab-ci.yml"],
    host: /(?:^|\.)gitlab\./,
    text: (run) => `leaksweep:
  image: node:24
  variables: { GIT_DEPTH: "0" }
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS == null
    - if: $CI_COMMIT_TAG
    - if: $CI_PIPELINE_SOURCE == "schedule"
  script: ${run} --fetch
  artifacts:
    when: always
    access: developer
    reports:
      secret_detection: gl-secret-detection-report.json
      codequality: gl-code-quality-report.json
`,
  },
  {
    name: "Azure Pipelines",
    file: "azure-pipelines.yml",
    isOwn: false,
    signs: ["azure-pipelines.yml"],
    host: /^(?:ssh\.)?dev\.azure\.com$|\.visualstudio\.com$/,
    text: (run) => `steps:
  - checkout: self
    fetchDepth: 0
    persistCredentials: true
  - task: UseNode@1
    inputs: { version: "24.x" }
  - script: ${run} --fetch --report junit=leaksweep.xml
  - task: PublishTestResults@2
    condition: succeededOrFailed()
    inputs: { testResultsFiles: leaksweep.xml, testRunTitle: leaksweep }
`,
  },
  {
    name: "Bitbucket Pipelines",
    file: "bitbucket-pipelines.yml",
    isOwn: false,
    signs: ["bitbucket-pipelines.yml"],
    host: /^bitbucket\.org$/,
    text: (run) => `image: node:24
clone: { depth: full }
pipelines:
  default:
    - step: &leaksweep
        name: leaksweep
        script: [${run} --fetch --report junit=test-results/leaksweep.xml]
  pull-requests:
    "**":
      - step: *leaksweep
`,
  },
  {
    name: "CircleCI",
    file: ".circleci/config.yml",
    isOwn: false,
    signs: [".circleci/"],
    text: (run) => `version: 2.1
jobs:
  leaksweep:
    docker: [{ image: cimg/node:24.0 }]
    steps:
      - checkout
      - run: ${run} --report junit=results/leaksweep.xml
      - store_test_results: { path: results }
workflows:
  leaksweep: { jobs: [leaksweep] }
`,
  },
  {
    name: "Jenkins",
    file: "Jenkinsfile",
    isOwn: false,
    signs: ["Jenkinsfile"],
    text: (run) => `pipeline {
  agent { docker { image 'node:24' } }
  stages {
    stage('leaksweep') {
      steps { sh '${run} --report junit=leaksweep.xml' }
      post { always { junit 'leaksweep.xml' } }
    }
  }
}
`,
  },
  {
    name: "Drone",
    file: ".drone.yml",
    isOwn: false,
    signs: [".drone.yml"],
    text: (run) => `kind: pipeline
type: docker
name: leaksweep
steps:
  - name: leaksweep
    image: node:24
    commands: [${run} --fetch]
trigger:
  event: [push, pull_request, tag, cron]
`,
  },
  {
    name: "Travis CI",
    file: ".travis.yml",
    isOwn: false,
    signs: [".travis.yml"],
    text: (run) => `language: node_js
node_js: 24
git: { depth: false }
script: ${run} --fetch
`,
  },
  {
    name: "Buildkite",
    file: ".buildkite/pipeline.yml",
    isOwn: false,
    signs: [".buildkite/"],
    text: (run) => `steps:
  - label: leaksweep
    command: ${run} --fetch --report junit=leaksweep.xml
    artifact_paths: leaksweep.xml
`,
  },
];
