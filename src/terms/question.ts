/** Terms of `verify`: how a provider is asked whether a secret still works. */
import type { Rule } from "./rule.ts";

/** What a reply must be to settle a question. */
export interface Sign {
  readonly status: number;
  /** JSON pointer into the body; what stands there must be one of `is`, or without `is` anything but null. */
  readonly at?: string | undefined;
  readonly is?: readonly (string | number | boolean | null)[] | undefined;
  /** What the body must hold. */
  readonly text?: string | undefined;
  /** Of a refusal: only who issued the secret says this, so that no other address need be asked. */
  readonly certain?: true | undefined;
}

/** How a provider is asked whether a secret still works. `{secret}`, `{near}` and facts stand where values go. */
export interface Question {
  readonly method: "GET" | "POST";
  /** One, or those of all regions in which the secret can be at home. Only the first label of a host can be open. */
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Name and password for HTTP's Basic scheme. */
  readonly basic?: string | undefined;
  readonly body?: string | undefined;
  /** The request is signed with the secret, which is not sent. */
  readonly sign?: { readonly scheme: "aws-v4"; readonly id: string; readonly service: string } | undefined;
  readonly live: readonly Sign[];
  readonly dead: readonly Sign[];
  /** What the reply tells besides: a JSON pointer, or `header:` and a name. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The question for what a rule finds, if there is one and somebody who may has written it. */
export type QuestionFor = (rule: Rule) => Question | undefined;
