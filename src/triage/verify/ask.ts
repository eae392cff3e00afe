/** Puts the questions of a plan and brings the answers back. */
import type { Finding, Question } from "../../terms.ts";
import type { Reply, Silence } from "./http.ts";
import type { Inquiry } from "./inquiry.ts";
import { Lane, type Pace } from "./lane.ts";
import { madeUp } from "./made-up.ts";
import { type Asking, inquiriesAt, type Posed, type Station } from "./plan.ts";
import { type Answer, answerIn, isRefusal } from "./reply.ts";
import { Unfit, type Values } from "./template.ts";

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

/** What came of a made-up secret. */
interface Control {
  /** Why a yes of this address is not believed; absent where it has said no. */
  readonly disbelief?: string;
  /** Whether that holds for the next secret, too: not where nothing was said. */
  readonly settled: boolean;
}

/** One round of questions: the way to each host, and what is known of hosts that take anything. */
class Round {
  readonly #options: AskOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #controls = new Map<string, Promise<Control>>();

  constructor(options: AskOptions) {
    this.#options = options;
  }

  /**
   * Live as soon as one says so, dead when one does that must know. Else it takes all of them, and that there are no
   * others, for dead; and it is unknown, with the first reason, when one does not tell.
   */
  async answer(asking: Asking): Promise<Answer> {
    let doubt: Answer | undefined;
    let refused: Answer | undefined;
    for (const station of asking.stations) {
      for (const posed of inquiriesAt(asking, station, this.#options.now)) {
        const answer = await this.#answerAt(asking, station, posed);
        if (answer.liveness === "live" || answer.certain) return answer;
        if (answer.liveness === "dead") refused ??= answer;
        else doubt ??= answer;
      }
    }
    if (refused !== undefined && asking.doubt !== undefined) doubt ??= unknown(`refused, but ${asking.doubt}`);
    return doubt ?? refused ?? unknown("nobody was asked");
  }

  async #answerAt(asking: Asking, station: Station, { values, make }: Posed): Promise<Answer> {
    const reply = await this.#lane(station.host).ask(() => make(values));
    const answer = "silence" in reply ? unknown(reply.silence) : answerIn(reply, asking.question);
    if (answer.liveness !== "live") return told(answer, station);
    const disbelief = await this.#disbelief(asking, station, () =>
      make({ ...values, secret: madeUp(values.secret ?? "") }),
    );
    if (disbelief !== undefined) return told(unknown(disbelief), station);
    return { ...answer, facts: withoutSecret(answer.facts, values) };
  }

  /**
   * Why an address that has said yes is not believed, if it is not. Found out once; where a made-up secret gets no
   * answer, nothing has been found out, and the next secret that is taken brings on another try.
   */
  async #disbelief({ finding, question }: Asking, station: Station, make: () => Inquiry): Promise<string | undefined> {
    const key = `${finding.rule.id} ${station.host} ${station.template}`;
    for (let known = this.#controls.get(key); known !== undefined; known = this.#controls.get(key)) {
      const { settled, disbelief } = await known;
      if (settled) return disbelief;
    }
    const own = this.#control(question, station, make).then((control) => {
      if (!control.settled) this.#controls.delete(key);
      return control;
    });
    this.#controls.set(key, own);
    return (await own).disbelief;
  }

  async #control(question: Question, { host }: Station, make: () => Inquiry): Promise<Control> {
    const reply = await this.#lane(host).ask(make).catch(silenceOf);
    if ("silence" in reply) return { settled: false, disbelief: `${unproven} (${reply.silence})` };
    if (isRefusal(reply, question)) return { settled: true };
    const { liveness } = answerIn(reply, question);
    if (liveness === "live") return { settled: true, disbelief: "it says yes to a made-up secret, too" };
    return { settled: false, disbelief: `${unproven} (it answered ${reply.status})` };
  }

  #lane(host: string): Lane {
    const { pace, signal, send } = this.#options;
    const lane = this.#lanes.get(host) ?? new Lane({ pace, signal, send });
    this.#lanes.set(host, lane);
    return lane;
  }
}

const unproven = "it says yes, but not whether it would refuse a made-up secret";

/** A made-up secret can be one that cannot be sent, where the real one can. */
function silenceOf(error: unknown): Silence {
  if (error instanceof Unfit) return { silence: error.message, passing: false };
  throw error;
}

const unknown = (reason: string): Answer => ({ liveness: "unknown", reason, facts: {} });

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
