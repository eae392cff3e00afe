/** Puts the questions of a plan and brings the answers back. */
import type { Finding } from "../../terms.ts";
import type { Reply, Silence } from "./http.ts";
import type { Inquiry } from "./inquiry.ts";
import { Lane, type Pace } from "./lane.ts";
import { madeUp } from "./made-up.ts";
import { type Asking, inquiriesAt, type Posed, type Station } from "./plan.ts";
import { type Answer, answerIn } from "./reply.ts";
import type { Values } from "./template.ts";

export interface AskOptions {
  readonly send: (inquiry: Inquiry) => Promise<Reply | Silence>;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** What is known of each finding once all have been asked about. Hosts are asked at the same time, each one in turn. */
export async function ask(askings: readonly Asking[], options: AskOptions): Promise<ReadonlyMap<Finding, Answer>> {
  const round = new Round(options);
  const answers = await Promise.all(
    askings.map(async (asking) => [asking.finding, await round.answer(asking)] as const),
  );
  return new Map(answers);
}

/** One round of questions: the way to each host, and what is known of hosts that take anything. */
class Round {
  readonly #options: AskOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #lenient = new Map<string, Promise<boolean>>();

  constructor(options: AskOptions) {
    this.#options = options;
  }

  /** Live as soon as one says so; dead when all do; unknown, with the first reason, when one does not tell. */
  async answer(asking: Asking): Promise<Answer> {
    let doubt: Answer | undefined;
    let refused: Answer | undefined;
    for (const station of asking.stations) {
      for (const posed of inquiriesAt(asking, station, this.#options.now)) {
        const answer = await this.#answerAt(asking, station, posed);
        if (answer.liveness === "live") return answer;
        if (answer.liveness === "dead") refused ??= answer;
        else doubt ??= answer;
      }
    }
    return doubt ?? refused ?? { liveness: "unknown", reason: "nobody was asked", facts: {} };
  }

  async #answerAt(asking: Asking, station: Station, { values, make }: Posed): Promise<Answer> {
    const answer = await this.#put(asking, station, () => make(values));
    if (answer.liveness !== "live") return told(answer, station);
    if (!(await this.#takesAnything(asking, station, () => make({ ...values, secret: madeUp(values.secret ?? "") }))))
      return { ...answer, facts: withoutSecret(answer.facts, values) };
    return told({ liveness: "unknown", reason: "it says yes to a made-up secret, too", facts: {} }, station);
  }

  async #put({ question }: Asking, { host }: Station, make: () => Inquiry): Promise<Answer> {
    const reply = await this.#lane(host).ask(make);
    return "silence" in reply ? { liveness: "unknown", reason: reply.silence, facts: {} } : answerIn(reply, question);
  }

  /** Whether an address says yes to what cannot be right; found out once, and only where it has said yes. */
  #takesAnything(asking: Asking, station: Station, make: () => Inquiry): Promise<boolean> {
    const key = `${asking.finding.rule.id} ${station.host} ${station.template}`;
    const known =
      this.#lenient.get(key) ?? this.#put(asking, station, make).then(({ liveness }) => liveness === "live");
    this.#lenient.set(key, known);
    return known;
  }

  #lane(host: string): Lane {
    const { pace, signal, send } = this.#options;
    const lane = this.#lanes.get(host) ?? new Lane({ pace, signal, send });
    this.#lanes.set(host, lane);
    return lane;
  }
}

const told = (answer: Answer, { host }: Station): Answer =>
  answer.reason === undefined ? answer : { ...answer, reason: `${host}: ${answer.reason}` };

/** A reply can repeat what it was asked with, whole or cut off. */
const withoutSecret = (facts: Answer["facts"], { secret = "", near = "" }: Values): Answer["facts"] =>
  Object.fromEntries(
    Object.entries(facts).filter(([, fact]) => ![secret, near].some((part) => repeats(String(fact), part))),
  );

/** Whether some twelve characters of a secret, or all of a shorter one, stand in a text. */
function repeats(text: string, secret: string): boolean {
  const length = Math.min(12, secret.length);
  if (length === 0) return false;
  for (let at = 0; at + length <= secret.length; at++) if (text.includes(secret.slice(at, at + length))) return true;
  return false;
}
