"""Eight people who search at once: `python -m bench.search_load`, told by JSON on its standard
input, prints by JSON how long each answer took. A process of its own, so that it waits for nobody.
"""

import http.client
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import msgspec

WARM_UP = 3


class Plan(msgspec.Struct):
    """`asks`: by key, what is typed in turn; empty words ask only who one is."""

    port: int
    cookie: str
    sid: str
    clients: int
    asks: dict[str, list[str]]


class Seen(msgspec.Struct):
    """Seconds of each answer by key; how many of them found nothing."""

    waits: dict[str, list[float]]
    empty: dict[str, int]


def ask(conn: http.client.HTTPConnection, plan: Plan, words: str) -> tuple[float, bool]:
    path = f"/api/orders?q={quote(words)}&limit=25" if words else "/auth/me"
    began = time.perf_counter()
    conn.request("GET", path, headers={"cookie": plan.cookie, "x-sid": plan.sid})
    answer = conn.getresponse()
    body = answer.read()
    took = time.perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
    return took, words != "" and b'"orders":[]' in body


def one_client(plan: Plan, turn: int, key: str) -> list[tuple[float, bool]]:
    conn = http.client.HTTPConnection("localhost", plan.port, timeout=60)
    mine = plan.asks[key][turn :: plan.clients]
    for words in mine[:WARM_UP]:
        ask(conn, plan, words)
    seen = [ask(conn, plan, words) for words in mine]
    conn.close()
    return seen


def run(plan: Plan) -> Seen:
    seen = Seen({}, {})
    with ThreadPoolExecutor(plan.clients) as pool:
        for key in plan.asks:
            turns = range(plan.clients)
            told = [r for some in pool.map(one_client, *_each(plan, turns, key)) for r in some]
            seen.waits[key] = [took for took, _ in told]
            seen.empty[key] = sum(empty for _, empty in told)
    return seen


def _each(plan: Plan, turns: range, key: str) -> tuple[list[Plan], range, list[str]]:
    return [plan] * len(turns), turns, [key] * len(turns)


if __name__ == "__main__":
    told = run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan))
    sys.stdout.buffer.write(msgspec.json.encode(told))
