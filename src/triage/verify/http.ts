/**
 * The one place where a secret leaves the machine. A request goes to the host of its address and nowhere else: redirects
 * are not followed, certificates are checked whatever the environment says, and what comes back is taken for hostile.
 */
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Inquiry } from "./inquiry.ts";

/** What a provider said. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Its first 256 KiB. */
  readonly body: string;
  /** Whether that is all of it. */
  readonly whole: boolean;
}

/** That no reply came, and why, in words that hold nothing of the request. */
export interface Silence {
  readonly silence: string;
  /** Whether it may help to try again. */
  readonly passing: boolean;
}

export interface Sending {
  readonly signal: AbortSignal;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** How we call ourselves. */
  readonly agent: string;
}

const longest = 1 << 18;

/** Sends a request and reads the reply. Resolves with a `Silence` when there is none; never rejects for the network. */
export function send(inquiry: Inquiry, { signal, timeout, agent }: Sending): Promise<Reply | Silence> {
  const { method, url, headers, body } = inquiry;
  const isSecure = url.protocol === "https:";
  if (!isSecure && !/^(?:127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname)) {
    throw new Error(`A secret is not sent to ${url.hostname} in the open`);
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  return new Promise((done) => {
    const fail = (error: unknown) => done(silenceOf(error, signal, timeout));
    const request = (isSecure ? secureRequest : plainRequest)(url, {
      method,
      // NODE_TLS_REJECT_UNAUTHORIZED=0 is set for whatever else runs here, and not for this.
      rejectUnauthorized: true,
      signal: limit,
      headers: {
        accept: "application/json",
        "accept-encoding": "identity",
        ...headers,
        "user-agent": agent,
        ...((body !== undefined || method === "POST") && { "content-length": Buffer.byteLength(body ?? "") }),
      },
    });
    request.on("error", fail);
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      const finish = (whole: boolean) => {
        const { statusCode: status = 0, headers } = response;
        const text = Buffer.concat(parts).subarray(0, longest).toString("utf8");
        done({ status, headers: textHeaders(headers), body: text, whole });
      };
      response.on("error", fail);
      response.on("data", (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length <= longest) return;
        finish(false);
        request.destroy();
      });
      response.on("end", () => finish(true));
    });
    request.end(body);
  });
}

const textHeaders = (headers: NodeJS.Dict<string | string[]>): Reply["headers"] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );

/** The code of an error is ours or the system's; its message could quote the request. */
function silenceOf(error: unknown, signal: AbortSignal, timeout: number): Silence {
  if (signal.aborted) return { silence: "the run was stopped", passing: false };
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError" || name === "TimeoutError") {
    return { silence: `no answer within ${timeout / 1000} s`, passing: false };
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return { silence: states[code] ?? `no connection (${code})`, passing: !/CERT|SIGNATURE|SELF_SIGNED/.test(code) };
}

const states: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "it broke the connection off",
  EAI_AGAIN: "its name could not be looked up: is there a network?",
  ENOTFOUND: "its name is not known: is there a network?",
  CERT_HAS_EXPIRED: "its certificate has expired",
};
