import type { WireError } from "./wire";

/** What came back; `status` 0 means that nothing did (no network, cut off, too slow). */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

const NOTHING: Reply = { status: 0, body: null, headers: new Headers() };

/** Sends a request with the headers that every unsafe call needs. Never throws; one that was given
 * up by `init.signal` gives nothing. */
export async function request(path: string, init: RequestInit, waitMs = 20_000): Promise<Reply> {
  const headers = new Headers(init.headers);
  headers.set("x-dockhand", "1");
  try {
    const late = AbortSignal.timeout(waitMs);
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
    const response = await fetch(path, { credentials: "same-origin", ...init, headers, signal });
    const text = init.method === "HEAD" ? "" : await response.text();
    return { status: response.status, body: parse(text), headers: response.headers };
  } catch {
    return NOTHING;
  }
}

export function post(path: string, body: unknown, waitMs?: number): Promise<Reply> {
  const headers = { "content-type": "application/json" };
  return request(path, { method: "POST", body: JSON.stringify(body), headers }, waitMs);
}

/** The server's error, or a stand-in for an answer that is not ours (a proxy's page, say). */
export function errorOf(body: unknown): WireError {
  const error = isRecord(body) ? body.error : undefined;
  if (!isRecord(error) || typeof error.code !== "string") return { code: "unknown" };
  return { code: error.code, ...(isRecord(error.data) && { data: error.data }) };
}

/** Seconds that the server asks to wait, 0 when it does not say. */
export function waitSeconds(reply: Reply): number {
  const data = errorOf(reply.body).data?.seconds;
  const seconds = Number(data ?? reply.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
