"""The carrier's number on the parcel: read back by a scanner, beside the parcel's own."""

import msgspec
import pytest

from server.documents.errors import PrintError
from server.documents.labels import ParcelLabel, parcel_label_pdf, parcel_label_png
from server.kernel.sscc import sscc
from server.pod.carriers.tariffs import Carriers
from tests.carrier_work import CARRIERS
from tests.documents.reading import pages, picture, scanned, symbologies, text_box, text_of
from tests.documents.test_labels import SHENZHEN, URL, WIDEST, ink

NUMBER = sscc("9521234", 3_000_000_001)
CARRIED = msgspec.structs.replace(
    SHENZHEN, parcel_number=NUMBER, waybill="SW100000005", waybill_code="code128"
)
LONG = "ABCDEFGH9999999999999999ABCDEFGH"
"""As long as a rate table can make it."""


@pytest.mark.parametrize("dpi", [203.2, 300])
@pytest.mark.parametrize(
    ("waybill", "how", "symbology"),
    [
        ("SW100000005", "code128", "Code 128"),
        (LONG, "code128", "Code 128"),
        ("40100123456789", "itf", "ITF"),
    ],
)
def test_both_numbers_and_the_link_are_read_back(
    waybill: str, how: str, symbology: str, dpi: float
) -> None:
    label = msgspec.structs.replace(CARRIED, waybill=waybill, waybill_code=how)
    for image in (
        picture(parcel_label_png(label, dpi=dpi)),
        pages(parcel_label_pdf(label), 300)[0],
    ):
        read = scanned(image)
        assert read[waybill] == symbology
        assert symbologies(image)[f"00{NUMBER}"] == "]C1"
        assert URL in read
    assert waybill in text_of(parcel_label_pdf(label))


def test_a_carrier_that_scans_nothing_has_no_bars_and_the_address_keeps_its_room() -> None:
    bare = msgspec.structs.replace(CARRIED, waybill_code="none", tracking_url=None)
    assert list(symbologies(picture(parcel_label_png(bare)))) == [f"00{NUMBER}"]
    without = msgspec.structs.replace(bare, waybill="")
    assert parcel_label_png(bare) == parcel_label_png(without)


def test_the_longest_address_stays_above_the_carrier_s_bars() -> None:
    label = msgspec.structs.replace(WIDEST, waybill=LONG, waybill_code="code128")
    for image in (picture(parcel_label_png(label)), pages(parcel_label_pdf(label))[0]):
        assert ink(image, 0, 64.2, 100, 65.9) == 0, "the address runs into the bars"
        assert ink(image, 0, 80.2, 100, 80.9) == 0, "the bars run into their number"
        assert set(scanned(image)) == {LONG, WIDEST.parcel_number, URL}
    assert text_box(parcel_label_pdf(label))[2] <= 96.1


@pytest.mark.parametrize(
    ("waybill", "how", "code"),
    [
        ("运单1", "code128", "barcode.character"),
        ("AbCdEfGhIj" * 4, "code128", "label.too_wide"),
        ("12345", "itf", "barcode.digits"),
        ("12A4", "itf", "barcode.digits"),
    ],
)
def test_a_number_that_its_code_cannot_carry_is_refused(waybill: str, how: str, code: str) -> None:
    label: ParcelLabel = msgspec.structs.replace(CARRIED, waybill=waybill, waybill_code=how)
    for render in (parcel_label_png, parcel_label_pdf):
        with pytest.raises(PrintError) as refused:
            render(label)
        assert (refused.value.code, refused.value.field) == (code, "waybill")


@pytest.mark.parametrize(
    ("numbers", "fits"),
    [
        ({"first": 1, "last": 999, "check": "gs1"}, True),
        ({"first": 1, "last": 9999, "check": "gs1"}, False),
        ({"first": 1, "last": 9999, "check": "none"}, True),
        ({"first": 1, "last": 999, "check": "gs1", "prefix": "SW"}, False),
    ],
)
def test_a_rate_table_names_interleaved_2_of_5_only_for_numbers_it_can_carry(
    numbers: dict[str, object], fits: bool
) -> None:
    table = CARRIERS["rate_tables"][0] | {"numbers": numbers, "barcode": "itf"}
    setting = CARRIERS | {"rate_tables": [table]}
    if fits:
        assert msgspec.convert(setting, Carriers).rate_tables[0].barcode == "itf"
    else:
        with pytest.raises(msgspec.ValidationError, match="even number of digits"):
            msgspec.convert(setting, Carriers)
