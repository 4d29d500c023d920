"""The words of a resolution are found by their beginnings, in scripts with spaces and without."""

import pytest

from server.board.case_words import PART, beginnings, wanted

SAID = "Recounted bin A01-1-1, Größe stimmt; 已重新盘点货位 and 已與客戶確認退貨"


def found(text: str, question: str) -> bool:
    parts = beginnings([text])
    return all(any(part.startswith(word) for part in parts) for word in wanted(question))


@pytest.mark.parametrize(
    "question",
    ["recount", "BIN a01", "grosse stimmt", "盘点", "货位", "客戶確認", "退貨 recounted", ""],
)
def test_a_word_is_found_by_its_beginning(question: str) -> None:
    assert found(SAID, question)


@pytest.mark.parametrize("question", ["ounted", "盘货", "recounted twice"])
def test_what_was_not_said_is_not_found(question: str) -> None:
    assert not found(SAID, question)


def test_a_long_text_without_spaces_is_found_to_its_end() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(500))
    for at in (0, 55, 56, 57, 79, 80, 111, 112, 250, 476, 498):
        assert found(text, text[at : at + PART]), at


def test_words_are_kept_no_longer_than_anybody_types() -> None:
    assert max(map(len, beginnings(["x" * 300]))) <= PART
    assert wanted("y" * 100) == ["y" * PART]
