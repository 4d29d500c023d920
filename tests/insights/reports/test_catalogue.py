"""The datasets are told of in words and in the guide, field by field, in every language."""

import re
from pathlib import Path

import pytest

from server.insights.reports.field_words import ABOUT, FIELDS
from server.insights.reports.fields import Dataset
from server.insights.reports.standard import STANDARD
from server.insights.reports.value_words import VALUES
from server.insights.reports.words import (
    DATASETS as DATASET_WORDS,
)
from server.insights.reports.words import (
    DATASETS_ABOUT,
    PAPER,
    PARTS,
    REPORTS,
    REPORTS_ABOUT,
    TITLES,
    TOTALS,
)
from server.insights.reports.work_datasets import DATASETS
from server.kernel.events import EVENTS
from server.kernel.ops import REGISTRY
from server.orders.lifecycle import STATES

GUIDE = (Path(__file__).parents[3] / "docs" / "guide" / "reports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d.name)
def test_the_guide_names_each_field_with_its_type_and_whom_it_is_kept_for(
    dataset: Dataset,
) -> None:
    section = GUIDE.partition(f"(`{dataset.name}`)")[2].partition("\n### ")[0]
    told = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (\w+)[^|]*\| (\w*) ?\|", section, re.MULTILINE)
    kept = {"open": ""}
    assert told == [
        (f.name, FIELDS[f.name][0], f.type, kept.get(f.sees, f.sees))
        for f in dataset.fields.values()
    ]


def test_everything_has_its_words_and_nothing_else_has() -> None:
    fields = {f"{d.name}.{f}" for d in DATASETS.values() for f in d.fields}
    assert {f.partition(".")[2] for f in fields} == set(FIELDS)
    assert set(ABOUT) <= fields
    assert set(DATASET_WORDS) == set(DATASETS_ABOUT) == set(DATASETS)
    assert set(REPORTS) == set(REPORTS_ABOUT) == set(STANDARD)
    titles = {c.title for spec in STANDARD.values() for c in spec.columns if c.title}
    assert titles <= set(TITLES)


def test_no_word_is_missing_in_a_language() -> None:
    tables = (FIELDS, ABOUT, DATASET_WORDS, DATASETS_ABOUT, PAPER, PARTS, REPORTS, TITLES, TOTALS)
    said = [words for table in tables for words in table.values()]
    assert all(all(words) and len(words) == 3 for words in said)
    holes = [{tuple(re.findall(r"{\w+}", text)) for text in words} for words in said]
    assert all(len(each) == 1 for each in holes)


def test_the_values_of_a_field_that_has_words_are_named_in_every_language() -> None:
    used = {f.words for d in DATASETS.values() for f in d.fields.values() if f.words}
    assert used == set(VALUES)
    assert all(all(said) for of in VALUES.values() for said in of.values())
    assert not [said for of in VALUES.values() for said in of.values() if "{" in "".join(said)]
    assert set(STATES) <= set(VALUES["state"])
    assert set(EVENTS) == set(VALUES["event"])
    assert {name for name, _ in REGISTRY} - set(VALUES["operation"]) == set()


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d.name)
def test_a_dataset_is_of_one_site_and_knows_its_time_and_currency(dataset: Dataset) -> None:
    assert dataset.site.name == "site"
    assert not dataset.time or dataset.fields[dataset.time].type == "moment"
    has_money = any(f.type == "money" for f in dataset.fields.values())
    assert has_money == bool(dataset.currency)
    assert all(f.sees == "money" for f in dataset.fields.values() if f.type == "money")
