/** What tests of sweeps plant: secrets, commits and texts with a secret in them, rows of lists that lead to them. */
import { whole } from "../kit.ts";

/** A secret for each number from 0 to 25. */
export const secret = (n: number): string => whole(`gl¦pat-jrO4z8U0e9TgiyJs1o5${String.fromCharCode(97 + n)}`);

/** A script that commits a file with a secret in it. */
export const leak = (n: number, file = "app.env"): string => `echo 'TOKEN=${secret(n)}' > ${file}; commit Add`;

/** An issue, a comment, a review, the notes of a release: as the API tells them, with a secret in it. */
export const written = (n: number, more: object = {}): object => ({
  id: n,
  number: n,
  title: "It fails",
  body: `I use ${secret(n)}`,
  created_at: `2024-01-01T00:00:0${n}Z`,
  updated_at: `2024-01-01T00:00:0${n}Z`,
  html_url: `https://forge/acme/one/issues/${n}`,
  user: { login: "ann" },
  ...more,
});

/** The end of a list that GraphQL gives in pages. */
export const lastPage = { hasNextPage: false, endCursor: null };

/** A discussion, a comment in it or a reply: as GraphQL tells them, with a secret in it. */
export const post = (n: number, more: object = {}): object => ({
  id: `d${n}`,
  databaseId: n,
  number: n,
  title: "T",
  body: secret(n),
  url: "u",
  createdAt: "2024-01-09T00:00:00Z",
  updatedAt: "2024-01-09T00:00:00Z",
  author: null,
  replies: { nodes: [], pageInfo: lastPage },
  ...more,
});

/** A gist of `ann` in a list, which git clones from `address`. */
export const gist = (id: string, address: string, more: object = {}): object => ({
  id,
  owner: { login: "ann" },
  git_pull_url: address,
  html_url: `https://forge/${id}`,
  public: true,
  ...more,
});
