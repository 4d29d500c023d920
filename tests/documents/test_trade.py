"""Papers of trade: what they say of an order, and that it can be read off the paper again."""

import subprocess
import sys

import msgspec
import pytest

from server.documents.trade.drawing import Sheet, draw
from server.documents.trade.kinds import KINDS, facts_of
from server.documents.trade.money import written
from server.documents.trade.quantities import sent
from server.documents.trade.shapes import Asked, Box, Dossier
from server.documents.trade.words import TRADE_WORDS
from server.documents.words import Language
from server.kernel.errors import ProtocolError
from server.pod.paperwork.rules import MARKS
from tests.documents.reading import pages, scanned, text_box, text_of
from tests.documents.trade_paper import ASKED, BOXES, ORDER, pdf

LANGUAGES: list[Language] = ["en", "zh-Hans", "zh-Hant"]
PRICED = ("order_confirmation", "commercial_invoice")


def with_(**changed: object) -> Dossier:
    return msgspec.structs.replace(ORDER, **changed)


def flat(paper: bytes) -> str:
    return "".join(text_of(paper).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", KINDS)
def test_each_paper_can_be_read_in_each_language(paper: str, language: Language) -> None:
    made = pdf(paper, language=language)
    text = flat(made)
    number = f"2025-EC-000017-{MARKS[paper]}-1"
    for said in (TRADE_WORDS[language][paper], number, "2025-11-26", "陶瓷马克杯手工釉面"):
        assert "".join(said.split()) in text
    assert number in scanned(pages(made)[0])
    if paper != "pick_list":
        assert "杭州晨光文具貿易有限公司" in text
        assert "西湖区文三路478号" in text
    left, top, right, bottom = text_box(made)
    assert (left >= 14.5, top >= 10, right <= 195.5, bottom <= 290) == (True,) * 4


def test_words_are_the_same_keys_in_each_language_and_none_is_empty() -> None:
    assert len({frozenset(TRADE_WORDS[language]) for language in LANGUAGES}) == 1
    assert all(all(TRADE_WORDS[language].values()) for language in LANGUAGES)


def test_quantities_are_the_packed_ones_after_a_short_and_a_substitute() -> None:
    invoice = facts_of("commercial_invoice", ORDER)
    found = [(r["no"], r["sku"], r["quantity"], r["amount"]) for r in invoice["lines"]]
    assert found == [
        ("1", "MUG", "12", "150.00"),
        ("2", "LAMP", "3", "149.97"),
        ("3", "TEE", "12", "107.88"),
        ("3", "TEE-V", "8", "71.92"),
        ("4", "OIL", "2", "30.00"),
    ]
    assert (invoice["pieces"], invoice["total"]) == ("37", "509.77")
    note = facts_of("delivery_note", ORDER)
    assert [r["ordered"] for r in note["lines"]] == ["12", "5", "20", "", "2"]
    lacking = [(r["sku"], r["quantity"]) for r in note["lacking"]]
    assert lacking == [("LAMP", "2"), ("RUG", "1")]
    confirmed = facts_of("order_confirmation", ORDER)
    assert (confirmed["pieces"], confirmed["total"]) == ("40", "708.75")


def test_an_order_of_which_one_carton_is_sealed_shows_that_carton_only() -> None:
    partly = with_(boxes=BOXES[:1])
    listed = facts_of("packing_list", partly)
    assert [box["number"] for box in listed["boxes"]] == [BOXES[0].number]
    assert (listed["parcels"], listed["pieces"], listed["gross"]) == ("1", "15", "12.450")
    assert facts_of("commercial_invoice", partly)["total"] == "299.97"
    assert "TEE" in [r["sku"] for r in listed["lacking"]]


def test_two_lines_of_one_item_share_what_was_packed_and_nothing_is_left_out() -> None:
    asked = [Asked(1, "MUG", "Mug", 2, 100, 2), Asked(2, "MUG", "Mug, gift", 3, 90, 3)]
    boxes = [Box("P1", [("MUG", 4), ("TEE", 1)])]
    found = [(s.no, s.sku, s.qty, s.price) for s in sent(asked, boxes)]
    assert found == [(1, "MUG", 2, 100), (2, "MUG", 2, 90), (0, "TEE", 1, 0)]
    more = [Box("P1", [("MUG", 6)])]
    assert sum(s.qty for s in sent(asked, more)) == 6


def test_amounts_are_exact_in_every_currency() -> None:
    assert written(123_456_789_012_345_678, "CNY") == "1,234,567,890,123,456.78"
    assert written(5, "EUR") == "0.05"
    assert written(-250, "GBP") == "-2.50"
    assert written(1_234, "JPY") == "1,234"
    assert written(1_234, "KWD") == "1.234"


def test_a_weight_is_only_summed_where_every_part_of_it_is_known() -> None:
    known = facts_of("packing_list", ORDER)
    assert (known["net"], known["gross"]) == ("17.140", "18.250")
    unweighed = [*BOXES, Box("P3", [("MUG", 1)])]
    assert facts_of("packing_list", with_(boxes=unweighed))["gross"] == ""
    assert "notweighed" in flat(pdf("waybill", with_(boxes=unweighed)))


def test_an_invoice_names_origin_heading_and_terms_and_carriers_learn_of_danger() -> None:
    invoice = flat(pdf("commercial_invoice"))
    for said in ("691200", "94052190", "PT", "DAP", "EUR509.77", "GB1", "Ideclare"):
        assert said in invoice
    for paper in ("waybill", "bill_of_lading", "shipping_instruction"):
        assert "DangerousgoodsinsideLampoil" in flat(pdf(paper))
    safe = with_(boxes=BOXES[:1])
    assert "Dangerous" not in text_of(pdf("waybill", safe))


def test_the_waybill_carries_the_carrier_s_number_as_a_barcode() -> None:
    assert scanned(pages(pdf("waybill"))[0])["SW100000053"] == "Code 128"


@pytest.mark.parametrize("paper", sorted(set(KINDS) - set(PRICED)))
def test_prices_stand_on_priced_papers_only(paper: str) -> None:
    text = flat(pdf(paper))
    assert "49.99" not in text


def test_only_the_pick_list_shows_where_goods_lie() -> None:
    assert "A02-11-1" in text_of(pdf("pick_list"))
    assert not any("A02-11-1" in text_of(pdf(paper)) for paper in set(KINDS) - {"pick_list"})


def test_what_is_not_there_yet_is_told_with_what_to_do() -> None:
    for paper, changed, code in (
        ("commercial_invoice", {"boxes": []}, "not_packed_yet"),
        ("packing_list", {"boxes": []}, "not_packed_yet"),
        ("pick_list", {"walks": []}, "not_released_yet"),
        ("order_confirmation", {"state": "cancelled"}, "order_cancelled"),
    ):
        with pytest.raises(ProtocolError) as refused:
            facts_of(paper, with_(**changed))
        assert (refused.value.code, refused.value.http_status) == (code, 409)


def test_names_are_text_and_never_markup_and_long_ones_stay_on_the_paper() -> None:
    asked = [Asked(1, "SKU" + "X9" * 20, "#panic() " + "W" * 120, 1, 1, 1)]
    boxes = [Box("P1", [(asked[0].sku, 1)])]
    for paper in KINDS:
        made = pdf(paper, with_(asked=asked, boxes=boxes, walks=ORDER.walks))
        assert text_box(made)[2] <= 195.5
        if paper in ("delivery_note", "order_confirmation", "commercial_invoice"):
            assert "\u200b" not in text_of(made)
            assert asked[0].sku in flat(made)
            assert "#panic()" in flat(made)


def test_a_long_list_repeats_its_head_and_numbers_its_pages() -> None:
    asked = [Asked(n, f"S{n}", "x", 1, 1, 1) for n in range(1, 301)]
    boxes = [Box("P1", [(a.sku, 1) for a in asked])]
    paper = pdf("order_confirmation", with_(asked=asked, boxes=boxes))
    count = len(pages(paper, dpi=20))
    assert count > 3
    assert text_of(paper).count("Unit price") == count
    assert f"Page {count} / {count}" in text_of(paper)


def test_the_days_on_a_paper_are_the_sites() -> None:
    late = 1_764_374_400_000 - 1  # 28 November 2025, one millisecond before midnight in London
    here = with_(due_at=late, placed_at=late, timezone="Europe/London")
    there = with_(due_at=late, placed_at=late, timezone="Asia/Shanghai")
    assert facts_of("order_confirmation", here)["due"] == "2025-11-28"
    assert facts_of("order_confirmation", there)["due"] == "2025-11-29"
    issued = 1_764_150_000_000  # 26 November 2025, 09:40 in London
    head = Sheet("order_confirmation", "N1", issued, facts_of("order_confirmation", there))
    assert "2025-11-26" in text_of(draw(head).pdf)
    far = facts_of("order_confirmation", with_(timezone="Pacific/Kiritimati"))
    assert "2025-11-26" in text_of(draw(Sheet("order_confirmation", "N1", issued, far)).pdf)
    west = facts_of("order_confirmation", with_(timezone="Pacific/Honolulu"))
    assert "2025-11-25" in text_of(draw(Sheet("order_confirmation", "N1", issued, west)).pdf)


AGAIN = """
import hashlib
from tests.documents.trade_paper import pdf
print(hashlib.sha256(pdf("commercial_invoice", language="zh-Hans")).hexdigest())
"""


def test_the_same_facts_are_the_same_bytes_in_another_process_too() -> None:
    done = [
        subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert done[0].stdout == done[1].stdout
    changed = with_(asked=[msgspec.structs.replace(ASKED[0], price=1), *ASKED[1:]])
    assert pdf("commercial_invoice", changed) != pdf("commercial_invoice")
