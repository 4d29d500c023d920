/** What the receiver's page asks of the server. */
import { explain } from "../i18n";
import { errorOf, request } from "../kernel/http";

export interface Shown {
  readonly order_number: string;
  readonly parcels: number;
  readonly lines: readonly { name: string; qty: number; delivered: number }[];
  readonly asks_pin: boolean;
}

export type Answer<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly code: string; readonly words: string };

export async function post<Body>(path: string, body: object): Promise<Answer<Body>> {
  const headers = { "content-type": "application/json" };
  const reply = await request(path, { method: "POST", body: JSON.stringify(body), headers });
  if (reply.status >= 200 && reply.status < 300) return { ok: true, body: reply.body as Body };
  if (reply.status === 0) return { ok: false, code: "offline", words: explain("offline") };
  const { code } = errorOf(reply.body);
  return { ok: false, code, words: explain(code) };
}
