"""What is known of a server after a probe, and what is not."""

import json

import pytest

from ...probe.facts import Asked, Facts, Found, Sent

SENT = {kind: Sent(kind, "to@a.com", "Me <me@a.com>", f"<{kind}@a.com>") for kind in ("kept", "behalf", "plain")}


def answers(**classes):
    return Facts(tuple(Asked(kind, f"{kind}@a.com", found) for kind, found in classes.items()))


def test_what_is_stored_comes_back():
    facts = Facts((Asked("own", "me@a.com", "sender", "553 no"),), tuple(SENT.values()))
    assert Facts.load(json.loads(json.dumps(facts.stored()))) == facts
    assert Facts.load({}, is_anonymous=True, minutes=3) == Facts(is_anonymous=True, minutes=3)


def test_who_was_not_asked_about_is_neither_refused_nor_in_the_way():
    facts = answers(own="")
    assert facts.is_taken("other") and not facts.is_refused("other")
    assert facts.answer_to("other") is None


@pytest.mark.parametrize("kind", ["sender", "recipient", "permanent"])
def test_beside_an_own_sender_that_is_taken_an_answer_is_about_the_other(kind):
    assert answers(own="", other=kind).is_refused("other")


@pytest.mark.parametrize("facts", [answers(other="permanent"), answers(own="rate", other="permanent")])
def test_with_nothing_to_compare_only_words_about_the_sender_are(facts):
    assert not facts.is_refused("other")
    assert facts.trouble


def test_the_own_sender_is_compared_with_nothing():
    assert answers(own="sender").is_refused("own")
    assert not answers(own="permanent").is_refused("own")


@pytest.mark.parametrize("answer", ["501 5.1.8 no", "556 5.7.27 no", "450 Sender address rejected: Domain Not Found"])
def test_a_reserved_domain_says_nothing_as_a_foreign_sender(answer):
    foreign = Facts((Asked("own", "me@a.com"), Asked("foreign", "x@b.example", "sender", answer)))
    assert not foreign.is_refused("foreign") and not foreign.trouble
    other = Facts((Asked("own", "me@a.com"), Asked("other", "x@a.com", "sender", answer)))
    assert other.is_refused("other")


def test_trouble_is_the_first_answer_that_says_nothing_about_a_sender():
    assert answers(own="", other="sender").trouble is None
    assert answers(own="", other="login", bounce="rate").trouble.kind == "other"


def test_what_a_test_mail_was_refused_for():
    mails = [Sent(*row) for row in (("kept", "", "", "", "sender"), ("sub", "", "", "", "recipient"))]
    facts = Facts(sent=(*mails, Sent("plain", "", "", "", "content")))
    assert [facts.is_mail_refused(kind) for kind in ("kept", "sub", "plain", "unknown")] == [True, True, False, False]
    assert [facts.is_recipient_refused(kind) for kind in ("kept", "sub", "plain", "unknown")] == [False, True] + [
        False
    ] * 2


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        (Facts(is_anonymous=True), ("kept",)),
        (answers(own="", other="", bounce=""), ("kept", "behalf", "plain")),
        (answers(own="", other="sender"), ("behalf", "plain")),
        (answers(own="", bounce="sender"), ("behalf", "plain")),
    ],
)
def test_the_mails_that_are_tried(facts, kinds):
    assert facts.author_mails == kinds


def test_what_a_mailbox_has_is_noted_once():
    facts = Facts(sent=tuple(SENT.values()))
    assert facts.is_waiting and not facts.has_arrived
    arrived = facts.with_found(Found("kept", True, "ME@a.com", "<other@a.com>"))
    row = arrived.mail("kept")
    assert (row.state, row.arrived_from, row.arrived_id) == ("arrived", "ME@a.com", "<other@a.com>")
    assert arrived.has_arrived and arrived.is_waiting
    assert [arrived.mail(kind) for kind in ("behalf", "plain")] == [SENT["behalf"], SENT["plain"]]
    assert arrived.with_found(Found("kept", False)) is arrived
    assert arrived.with_found(Found("unknown", True)) is arrived


def test_a_mail_that_came_back_has_not_arrived():
    facts = Facts(sent=(SENT["kept"],)).with_found(Found("kept", False, "daemon@a.com", "<x@a.com>"))
    assert facts.mail("kept").state == "returned"
    assert not (facts.is_waiting or facts.has_arrived)
    assert not (facts.mail("kept").is_rewritten or facts.mail("kept").has_new_id)


@pytest.mark.parametrize(
    ("header_from", "message_id", "rewritten", "new_id"),
    [
        ("Me <ME@A.com>", "<kept@a.com>", False, False),
        ("Shop <shop@a.com>", "<kept@a.com>", True, False),
        ("Me <me@a.com>", "<other@a.com>", False, True),
    ],
)
def test_what_a_server_changed(header_from, message_id, rewritten, new_id):
    facts = Facts(sent=(SENT["kept"],)).with_found(Found("kept", True, header_from, message_id))
    assert (facts.mail("kept").is_rewritten, facts.mail("kept").has_new_id) == (rewritten, new_id)


def test_a_refused_mail_is_not_waited_for():
    assert not Facts(sent=(Sent("kept", "", "", "", "sender"),)).is_waiting
