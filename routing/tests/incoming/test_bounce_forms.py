"""Bounces in the forms that real servers give them, and mails that look much like one."""

import pytest

from ...incoming.bounce import read_bounce, says_no_failure
from ...incoming.bounce_reason import reason_kind
from ...incoming.bounce_text import named_recipients, telling_line
from .bounces import GONE, ORIGINAL, OUR_ID, mail, parse, recipient, report

DAEMON = "MAILER-DAEMON@mx.customer.com"


@pytest.mark.parametrize(
    "action", ["failed", "failure", "Failed (no such user)", "expired", "error", "rejected", "bounced"]
)
def test_actions_of_a_failure(action):
    assert read_bounce(report(recipient(action))).recipients == (GONE,)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "sent", "warning"])
def test_actions_of_none(action):
    message = report(recipient(action, "5.1.1"))
    assert read_bounce(message) is None
    assert says_no_failure(message)


def test_an_action_that_nobody_knows_leaves_it_to_the_status():
    assert read_bounce(report(recipient("whatever", "5.1.1")))
    assert read_bounce(report(recipient("whatever", "4.4.7", "450 later"))) is None


def test_a_space_before_the_colon():
    """Mimecast, InterMail: the parser takes the rest for text."""
    group = recipient().replace("Action:", "Action :").replace("Status:", "Status :")
    bounce = read_bounce(report(group))
    assert (bounce.recipients, bounce.code, bounce.kind) == ((GONE,), "5.1.1", "unknown_user")


def test_a_report_of_one_group_alone():
    """Without the group about the report itself."""
    text = str(report(recipient())).replace("Reporting-MTA: dns; mx.customer.com\n\n", "")
    assert read_bounce(parse(text)).recipients == (GONE,)


def test_a_second_report_in_the_same_mail():
    begin = "Content-Type: message/delivery-status"
    two = f"{begin}\n\nReporting-MTA: dns; mx.a.com\n\n--B\n{begin}"
    text = str(report(recipient())).replace(begin, two)
    assert read_bounce(parse(text)).recipients == (GONE,)


def test_a_container_with_a_wrong_boundary_is_read_as_text():
    text = str(report(recipient())).replace('boundary="B"', 'boundary="C"')
    bounce = read_bounce(parse(text))
    assert (bounce.recipients, bounce.code) == ((GONE,), "5.1.1")


def test_a_report_that_names_nobody_has_its_text():
    bounce = read_bounce(report("Action: failed\nStatus: 5.1.1", text=f"<{GONE}>: no such user"))
    assert bounce.recipients == (GONE,)


def test_the_words_decide_beside_a_status_that_says_something_else():
    bounce = read_bounce(report(recipient("failed", "5.1.1", "552 5.1.1 mailbox full")))
    assert bounce.kind == "mailbox_full"


def test_the_words_of_the_returned_mail_are_not_the_servers():
    returned = "Received: from a.com by b.com\nSubject: Re: mailbox full, user unknown, spam\n\nOur mailbox is full."
    message = mail(f"Sorry.\n\n{returned}", From=DAEMON, Subject="Undelivered Mail Returned to Sender")
    assert read_bounce(message).kind == "other"
    assert telling_line("550 user unknown\nHello") == "550 user unknown"


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("MAILER-DAEMON <>", "Mail delivery failed"),
        ("Postmaster <>", "Undeliverable: Order"),
        ("<>", "Delivery Status"),
        (DAEMON, "Delivery status notification: error"),
        ("MDaemon@customer.com", "Permanent Delivery Failure"),
        ("MDaemon@customer.com", "Warning: gone@customer.com - User unknown!"),
        (DAEMON, "failure delivery"),
        (DAEMON, "failed delivery"),
        (DAEMON, "Mail Not Delivered"),
        (DAEMON, "Mail Delivery Problem"),
        (DAEMON, "There was an error sending your mail"),
        (DAEMON, "[Postmaster] Email Delivery Failure"),
        (DAEMON, "系统退信"),
        (DAEMON, "Ваше сообщение не доставлено. Mail failure."),
        (DAEMON, "Mensaje no entregado"),
        (DAEMON, "a subject in a tongue that nobody here reads"),
    ],
)
def test_senders_and_subjects(sender, subject):
    message = mail(
        f"Unable to deliver message to the following address(es).\n\n<{GONE}>:\n550 5.1.1 User unknown\n",
        From=sender,
        Subject=subject,
        attached=ORIGINAL,
    )
    bounce = read_bounce(message)
    assert bounce.certain
    assert (bounce.recipients, bounce.kind, bounce.message_ids[0]) == ((GONE,), "unknown_user", OUR_ID)


def test_recipients_and_the_returned_mail_are_enough_from_a_mail_system():
    """Sina, in bytes that have been lost on the way."""
    message = mail(f"???\n\n<{GONE}>:\n\n???\n", From="MAILER-DAEMON@sina.com", Subject="???", attached=ORIGINAL)
    assert read_bounce(message).recipients == (GONE,)
    assert read_bounce(mail("???", From="MAILER-DAEMON@sina.com", Subject="???", attached=ORIGINAL)) is None
    assert read_bounce(mail(f"<{GONE}>:", From="kevin@sina.com", Subject="???", attached=ORIGINAL)) is None


@pytest.mark.parametrize(
    "line",
    [
        f"<{GONE}>:",
        f"<{GONE}> (expanded from <x@a.com>): host said",
        f"  <{GONE}>",
        f"{GONE}: 550 5.1.1 http://support.google.com",
        f"    Recipient: [SMTP:{GONE}]",
        f"Failed Recipient: {GONE}",
        f"RCPT TO: {GONE}",
        f"> {GONE}"[1:],
        f" * {GONE}",
        f"   {GONE}",
        f"{GONE} [User unknown]",
        f"{GONE} on Thu, 29 Apr 2010 00:00:00",
        f"c=US;a= ;p=X;dda:SMTP={GONE}; on Fri",
        f"There was an error delivering your mail to <{GONE}>.",
        f"Could not be delivered to: <{GONE}>",
        f"The following message, addressed to '{GONE}', failed",
        f"收件人：{GONE}",
    ],
)
def test_ways_to_name_a_recipient(line):
    assert named_recipients(f"Hello\n{line}\nBye") == [GONE]


@pytest.mark.parametrize("line", [f"write to {GONE} please", f"From: {GONE}", f"Kevin <{GONE}>", "no address"])
def test_an_address_in_a_sentence_is_no_recipient(line):
    assert named_recipients(line) == []


ACKNOWLEDGEMENT = mail(
    "Thank you for your message. Our 500 engineers have received it.",
    From="support@customer.com",
    Subject="[Ticket 550] Order S01",
    Auto_Submitted="auto-replied",
    Return_Path="<>",
    attached=ORIGINAL,
)
PARCELS = mail(
    "Three parcels of last week could not be delivered, 550 pieces in all. Could you send them again?",
    From="Kevin <postmaster@customer.com>",
    Subject="Undelivered parcels",
)
CARRIER = mail(
    "Your parcel 500 123 456 could not be delivered: nobody was at home.",
    From="noreply@parcel.example",
    Subject="Delivery failed: parcel",
    Return_Path="<>",
    Auto_Submitted="auto-generated",
)
QUOTE = mail(
    f"Your mail came back:\n<{GONE}>:\n550 5.1.1 User unknown\n",
    From="kevin@customer.com",
    Subject="Undeliverable: Order S01",
    In_Reply_To=OUR_ID,
    attached=ORIGINAL,
)
SUBJECT_ALONE = mail("We have no time.", From="kevin@customer.com", Subject="Returned mail", Return_Path="<>")


@pytest.mark.parametrize("message", [ACKNOWLEDGEMENT, PARCELS, CARRIER, QUOTE, SUBJECT_ALONE])
def test_what_looks_much_like_one_is_none(message):
    assert read_bounce(message) is None


@pytest.mark.parametrize(
    ("sender", "text", "attached", "is_one"),
    [
        ("kevin@customer.com", f"Could not deliver to\n<{GONE}>:\n550 5.1.1 unknown user", ORIGINAL, True),
        ("kevin@customer.com", f"Could not deliver to\n<{GONE}>:\n550 5.1.1 unknown user", None, False),
        ("kevin@customer.com", "Could not deliver, 550 5.1.1 unknown user", ORIGINAL, False),
        ("kevin@customer.com", f"Could not deliver to\n<{GONE}>:", ORIGINAL, False),
        ("kevin@customer.com", f"Hello,\n<{GONE}>:\n5.1.1", ORIGINAL, False),
        ("postmaster@customer.com", "5.1.1 it is", None, True),
        ("postmaster@customer.com", "550 user unknown", None, True),
        ("postmaster@customer.com", f"<{GONE}>:", None, True),
        ("postmaster@customer.com", "See below.", ORIGINAL, True),
        ("postmaster@customer.com", "550 pieces", None, False),
    ],
)
def test_the_form_that_confirms_a_subject(sender, text, attached, is_one):
    """From no mail system, all of it: words, a recipient, a server's answer and the returned mail."""
    message = mail(text, From=sender, Subject="Delivery Failure", attached=attached)
    assert bool(read_bounce(message)) == is_one


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("550", "Blocked by RBL", "spam"),
        ("550", "5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "spam"),
        ("5.7.26", "550 5.7.26 unauthenticated, see DMARC", "refused_sender"),
        ("552", "message size exceeds limit", "too_big"),
        ("4.2.2", "452 4.2.2 over quota", "mailbox_full"),
        ("550", "sender verify failed", "refused_sender"),
        ("4.4.1", "Connection timed out", "other"),
        ("554", "blocked (in reply to end of DATA command)", "other"),
        ("550", "no (in reply to RCPT TO command)", "unknown_user"),
        ("550", "no (in reply to MAIL FROM command)", "other"),
        ("", "", "other"),
    ],
)
def test_reasons(code, text, kind):
    assert reason_kind(code, text) == kind
