"""What is proposed for each set of facts."""

import pytest

from ...probe.facts import Asked, Facts, Found, Sent
from ...probe.proposal import Why, propose_catchall, propose_policy, propose_sub_addresses

OWN, OTHER = "kevin@a.com", "mei@a.com"
ARRIVED = {"state": "arrived", "arrived_from": OTHER, "arrived_id": "<1@a.com>"}
REWRITTEN = {**ARRIVED, "arrived_from": OWN}


def facts(answers, mails=(), **values):
    """Return facts: an answer's class by sender ("" takes it), and the fields of test mails by kind."""
    asked = tuple(Asked(kind, f"{kind}@a.com", found, f"550 {found}") for kind, found in answers.items())
    sent = tuple(Sent(kind, OWN, OTHER, "<1@a.com>", **fields) for kind, fields in dict(mails).items())
    return Facts(asked, sent, **values)


def senders(own="", other="", bounce="", foreign=""):
    return {"own": own, "other": other, "bounce": bounce, "foreign": foreign}


TAKES_ALL, TAKES_OWN = senders(), senders("", "sender", "sender", "sender")
REFUSED = {"answer_class": "sender", "answer": "550 The From header"}


@pytest.mark.parametrize(
    ("answers", "mails", "value", "why", "sure"),
    [
        ({}, {}, None, Why.NO_ADDRESS, True),
        (senders("sender"), {}, None, Why.OWN_REFUSED, True),
        ({"own": "login"}, {}, None, Why.NO_ANSWER, True),
        ({"own": "rate"}, {}, None, Why.NO_ANSWER, True),
        ({"own": "", "other": "rate"}, {}, None, Why.NO_ANSWER, True),
        (senders("temporary", "temporary", "temporary", "temporary"), {}, None, Why.NO_ANSWER, True),
        (senders("permanent", "permanent", "permanent", "permanent"), {}, None, Why.NO_ANSWER, True),
        (TAKES_OWN, {}, "username", Why.SENDER_REFUSED, True),
        (senders("", "permanent", "recipient", "sender"), {}, "username", Why.SENDER_REFUSED, True),
        ({"own": "", "other": "sender", "bounce": "rate"}, {}, "username", Why.SENDER_REFUSED, True),
        (senders("", "", "sender", "sender"), {}, "username", Why.SENDER_REFUSED, True),
        (TAKES_OWN, {"behalf": {}}, "username", Why.SENDER_REFUSED, True),
        (TAKES_OWN, {"behalf": ARRIVED}, "on_behalf", Why.BEHALF_ARRIVED, True),
        (TAKES_OWN, {"behalf": REWRITTEN}, "username", Why.FROM_REWRITTEN, True),
        (TAKES_OWN, {"behalf": REFUSED, "plain": ARRIVED}, "username", Why.FROM_REFUSED, True),
        (TAKES_ALL, {}, "keep", Why.SENDER_TAKEN, False),
        (TAKES_ALL, {"kept": {}}, "keep", Why.SENDER_TAKEN, False),
        (TAKES_ALL, {"kept": ARRIVED}, "keep", Why.FROM_KEPT, True),
        (TAKES_ALL, {"kept": REWRITTEN}, "username", Why.FROM_REWRITTEN, True),
        (TAKES_ALL, {"kept": REFUSED, "behalf": ARRIVED}, "on_behalf", Why.BEHALF_ARRIVED, True),
        (TAKES_ALL, {"kept": REFUSED, "behalf": REFUSED}, "username", Why.FROM_REFUSED, True),
        (senders(foreign="sender"), {}, "username", Why.OWN_DOMAIN_ONLY, True),
        (senders(foreign="sender"), {"kept": REWRITTEN}, "username", Why.FROM_REWRITTEN, True),
    ],
)
def test_the_sender_policy(answers, mails, value, why, sure):
    assert propose_policy(facts(answers, mails)) == (value, why, sure)


def test_authors_who_are_moved_into_the_domain_may_stay():
    proposal = propose_policy(facts(senders(foreign="sender"), moves_authors=True))
    assert proposal == ("keep", Why.OWN_DOMAIN_AND_MOVED, True)


def test_a_server_without_a_login_has_no_username_to_restrict_to():
    answers = {"other": "", "bounce": "", "foreign": ""}
    assert propose_policy(facts(answers, is_anonymous=True))[:2] == ("keep", Why.SENDER_TAKEN)
    answers["foreign"] = "sender"
    assert propose_policy(facts(answers, is_anonymous=True))[:2] == (None, Why.OWN_DOMAIN_ONLY)


@pytest.mark.parametrize(
    ("mail", "others", "value", "why"),
    [
        (None, {}, None, Why.NOT_SENT),
        ({}, {}, None, Why.NOT_ARRIVED_YET),
        ({}, {"minutes": 10}, None, Why.NOT_ARRIVED_YET),
        (ARRIVED, {}, True, Why.UNKNOWN_ARRIVED),
        ({"answer_class": "recipient"}, {}, False, Why.UNKNOWN_REFUSED),
        ({"answer_class": "permanent"}, {}, False, Why.UNKNOWN_REFUSED),
        ({"answer_class": "rate"}, {}, None, Why.NO_ANSWER),
        ({"answer_class": "content"}, {}, None, Why.NO_ANSWER),
        ({"state": "returned"}, {}, False, Why.UNKNOWN_RETURNED),
    ],
)
def test_the_catch_all(mail, others, value, why):
    mails = {} if mail is None else {"unknown": mail}
    assert propose_catchall(facts(TAKES_ALL, mails, **others))[:2] == (value, why)


def test_a_mail_that_is_missing_is_lost_once_others_have_arrived_and_some_minutes_are_over():
    mails = {"kept": ARRIVED, "unknown": {}, "sub": {}}
    assert propose_catchall(facts(TAKES_ALL, mails, minutes=4)).value is None
    assert propose_catchall(facts(TAKES_ALL, mails, minutes=5))[:2] == (False, Why.UNKNOWN_MISSING)
    assert propose_sub_addresses(facts(TAKES_ALL, mails, minutes=5))[:2] == (False, Why.SUB_MISSING)


def test_what_was_found_first_counts_and_facts_survive_being_stored():
    known = facts(TAKES_OWN, {"sub": {}})
    known = known.with_found(Found("sub", True, OTHER, "<1@a.com>")).with_found(Found("sub", False))
    assert known.with_found(Found("unknown", True)) == known
    again = Facts.load(known.stored())
    assert again == known
    assert again.mail("sub").state == "arrived"
    assert not (again.mail("sub").is_rewritten or again.mail("sub").has_new_id)
