import { explain } from "../../i18n";
import type { Value } from "../../i18n/message";
import { errorOf, type Reply, request } from "../../kernel/http";
import { type Outcome, session } from "../../sync";

export type Asked<Body> = { ok: true; body: Body } | { ok: false; code: string; words: string };

/** Reads something of the server in the name of the person who is signed in; `signal` gives it up. */
export async function read<Body>(path: string, signal?: AbortSignal): Promise<Asked<Body>> {
  return asked(await request(path, { headers: named(), ...(signal && { signal }) }));
}

/** Asks for something that is no operation: codes, PINs, ends of access. */
export async function ask<Body>(path: string, body: object = {}): Promise<Asked<Body>> {
  const headers = { ...named(), "content-type": "application/json" };
  return asked(await request(path, { method: "POST", body: JSON.stringify(body), headers }));
}

/** The address of a picture or a document, which cannot carry a header. */
export function withSid(path: string): string {
  const separator = path.includes("?") ? "&" : "?";
  return `${path}${separator}sid=${encodeURIComponent(session.value?.sid ?? "")}`;
}

/** What became of a request, in words; `undefined` when it was done. */
export function refusalWords(outcome: Outcome): string | undefined {
  if (outcome.outcome === "applied") return undefined;
  if (!("code" in outcome)) return explain("offline");
  return explain(outcome.code, plain(outcome.data));
}

/** The values of some data that a sentence can hold. */
export function plain(data: Readonly<Record<string, unknown>>): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(data))
    if (typeof value === "string" || typeof value === "number") kept[name] = value;
  return kept;
}

function named(): Record<string, string> {
  return { "x-sid": session.value?.sid ?? "" };
}

function asked<Body>(reply: Reply): Asked<Body> {
  if (reply.status >= 200 && reply.status < 300) return { ok: true, body: reply.body as Body };
  if (reply.status === 0) return { ok: false, code: "offline", words: explain("offline") };
  const { code, data } = errorOf(reply.body);
  return { ok: false, code, words: explain(code, plain(data ?? {})) };
}
