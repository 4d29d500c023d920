"""What a proof says was checked at the door, as rows of its receipt: PIN, checklist, stages."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from server.documents.receipt import Checked
from server.documents.words import Language, said
from server.pod.rules import Question, StopPolicy

TEXT, NOTE = 160, 200
Record = Mapping[str, Any]


def checked(record: Record, policy: StopPolicy | None, language: Language) -> list[Checked]:
    """`record`: of any version; `policy`: what was asked of it, which knows the site's words for
    each point. A point that the policy does not know stands by its code."""
    points = policy.checklist if policy else []
    stages = policy.stages if policy else []
    return [
        *_pin(record, language),
        *_answers(record, _words(points), language),
        *_stages(record, _words(stages)),
        *_left_out(record, language),
    ]


def _words(questions: Iterable[Question]) -> Callable[[str], str]:
    texts = {question.code: question.text for question in questions}
    return lambda code: texts.get(code, code)[:TEXT]


def _pin(record: Record, language: Language) -> list[Checked]:
    gave = record.get("pin", "")
    if not gave:
        return []
    tries = record["pin_tries"]
    note = f"{said(language, 'pin', 'tries')}: {tries}" if tries else ""
    return [Checked(said(language, "pin", "asked"), said(language, "pin", gave), note)]


def _answers(record: Record, word: Callable[[str], str], language: Language) -> list[Checked]:
    return [
        Checked(word(a["code"]), said(language, "answer", a["answer"]), a["note"][:NOTE])
        for a in record.get("inspection", [])
    ]


def _stages(record: Record, word: Callable[[str], str]) -> list[Checked]:
    return [Checked(word(s["code"]), s["by"], _when(s["at"])) for s in record.get("stages", [])]


def _left_out(record: Record, language: Language) -> list[Checked]:
    return [
        Checked(
            said(language, "method", r["method"]),
            said(language, "answer", "left_out"),
            said(language, "relaxed", r["reason"]),
        )
        for r in record.get("relaxed", [])
    ]


def _when(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1000, dt.UTC).strftime("%Y-%m-%d %H:%MZ")
