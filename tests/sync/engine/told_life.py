"""A customer who is told of an order, and answers a survey: of the recorded life."""

from server.catalog.ops import PutSetting
from server.notices.due import LookAhead
from server.notices.edi.answers import TellAnswer
from server.notices.edi.partners import Partner
from server.notices.forgetting import ForgetCustomer
from server.notices.ops import ResendNotice, Subscribe, TellSent
from server.notices.wishes import SetWishes, Wishes
from server.store.store import Store
from server.survey.ops import Answer
from tests.floor_site import Handheld, good, order, scalar, system, table
from tests.floor_work import APPLIED


def told_life(store: Store) -> None:
    setting = PutSetting(key="notices", value={"on": True, "shop": "Corner Shop"})
    good(system(store, "catalog.put_setting.v1", setting))
    done = str(scalar(store, "SELECT id FROM orders WHERE ref = 'V-1'"))
    wishes = Wishes(mail="mia@home.example", lang="zh-Hans")
    service = Handheld(store, "service", "desk-told")
    assert service.say("notices.set_wishes.v1", SetWishes(customer="C1", wishes=wishes)) == APPLIED
    browser = Subscribe(
        id="sub-1",
        order=done,
        endpoint="https://push.example/1",
        p256dh="B" * 87,
        auth="a" * 22,
        lang="en",
    )
    good(system(store, "notices.subscribe.v1", browser))
    _told(store, service)
    _by_edi(store, service)
    for courtesy in (1, 2, 5):
        said = Answer(order=done, on_time=True, complete=True, courtesy=courtesy, comment="<b>")
        good(system(store, "survey.answer.v1", said))
    good(system(store, "notices.look_ahead.v1", LookAhead()))
    good(system(store, "notices.forget_customer.v1", ForgetCustomer(customer="C1")))
    good(system(store, "catalog.put_setting.v1", PutSetting(key="notices", value={})))


def _by_edi(store: Store, service: Handheld) -> None:
    """Their software refuses what it was told."""
    partner = Partner(id="ACME-1", qualifier="ZZZ")
    wishes = Wishes(channels=["edi", "mail"], edi=partner)
    assert service.say("notices.set_wishes.v1", SetWishes(customer="C1", wishes=wishes)) == APPLIED
    order(store, "V-41", MUG=1)
    (row,) = table(store, "SELECT * FROM notice WHERE channel = 'edi'")
    good(system(store, "notices.tell_sent.v1", TellSent(notice=row["id"])))
    refused = TellAnswer(partner="ACME-1", reference=row["reference"], accepted=False, fault="12")
    good(system(store, "notices.tell_answer.v1", refused))
    plain = SetWishes(customer="C1", wishes=Wishes(mail="mia@home.example", lang="zh-Hans"))
    assert service.say("notices.set_wishes.v1", plain) == APPLIED


def _told(store: Store, service: Handheld) -> None:
    order(store, "V-40", MUG=1)
    (queued,) = table(store, "SELECT * FROM notice")
    good(system(store, "notices.tell_sent.v1", TellSent(notice=queued["id"])))
    again = ResendNotice(notice=queued["id"])
    assert service.say("notices.resend_notice.v1", again) == APPLIED
    second = scalar(store, "SELECT id FROM notice WHERE again_of = :n", n=queued["id"])
    failed = TellSent(notice=str(second), why="refused")
    good(system(store, "notices.tell_sent.v1", failed))
