import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { announce } from "../../ui";
import { read } from "../desk/ask";
import { joined } from "./search-text";
import type { FoundOrders } from "./story-types";

const WAIT_MS = 150;
const PAGE = 25;

export interface Answer extends FoundOrders {
  /** What it is the answer to. */
  text: string;
  problem?: string;
}

export interface Search {
  /** The newest answer; while another is on its way, still the one before. */
  answer: Answer | undefined;
  busy: boolean;
  again: () => void;
  next: () => void;
}

/** Asks once the typing rests for a moment; a question that is no longer meant is given up. */
export function useSearch(text: string): Search {
  const wanted = text.trim();
  const [answer, setAnswer] = useState<Answer>();
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const asking = useRef(new AbortController());

  const ask = useCallback(async (words: string, before?: Answer) => {
    asking.current.abort();
    const mine = new AbortController();
    asking.current = mine;
    setBusy(true);
    const after = before ? `&after=${encodeURIComponent(before.more)}` : "";
    const path = `/api/orders?q=${encodeURIComponent(words)}&limit=${PAGE}${after}`;
    const got = await read<FoundOrders>(path, mine.signal);
    if (mine.signal.aborted) return;
    setBusy(false);
    if (!got.ok)
      return setAnswer({ orders: [], more: "", ...before, text: words, problem: got.words });
    const orders = joined(before?.orders ?? [], got.body.orders);
    setAnswer({ text: words, orders, more: got.body.more });
    announce(foundWords(orders.length, got.body.more));
  }, []);

  useEffect(() => {
    if (wanted === "") {
      setAnswer(undefined);
      setBusy(false);
      return;
    }
    const timer = setTimeout(() => void ask(wanted), WAIT_MS);
    return () => {
      clearTimeout(timer);
      asking.current.abort();
    };
  }, [wanted, turn, ask]);

  return {
    answer: wanted === "" ? undefined : answer,
    busy,
    again: () => setTurn(turn + 1),
    next: () => answer && void ask(answer.text, answer),
  };
}

export function foundWords(n: number, more: string): string {
  return more ? t("service.foundMore", { n }) : t("service.found", { n });
}
