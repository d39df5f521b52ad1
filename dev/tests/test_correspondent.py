"""What comes back to the mailbox of `make run`."""

import email
import email.policy

import pytest

from ..correspondent import CUSTOMER, Correspondent
from ..mailbox_server import Mailbox
from ..strict_server import StoredMail

BOX = "li@example.cn"


def arrived(tmp_path, to, reply_to):
    """Send a mail as li; return what is then in li's mailbox."""
    mailbox = Mailbox(BOX)
    head = f"From: Mitchell Admin <{BOX}>\r\nTo: {to}\r\nSubject: An offer\r\nMessage-Id: <1@odoo>\r\n"
    data = f"{head}{reply_to and f'Reply-To: {reply_to}'}\r\n\r\nHello\r\n".encode()
    Correspondent(tmp_path, mailbox).accept(StoredMail(BOX, BOX, (to,), data))
    raws = [message.raw for message in mailbox.folders["INBOX"]]
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]


@pytest.mark.parametrize("reply_to", ["", f"Li <{BOX}>", "catchall@example.cn"])
def test_the_customer_answers_into_the_mailbox(tmp_path, reply_to):
    [answer] = arrived(tmp_path, CUSTOMER, reply_to)
    assert CUSTOMER in answer["From"]
    assert (answer["Subject"], answer["In-Reply-To"]) == ("Re: An offer", "<1@odoo>")
    assert answer["To"] == (reply_to or f"Mitchell Admin <{BOX}>")


def test_an_answer_that_is_asked_for_elsewhere_does_not_come(tmp_path):
    assert arrived(tmp_path, CUSTOMER, "mark.brown23@example.com") == []


def test_mail_to_the_mailbox_itself_arrives(tmp_path):
    [mail] = arrived(tmp_path, BOX, "")
    assert mail["Subject"] == "An offer"


def test_nobody_else_answers(tmp_path):
    assert arrived(tmp_path, "somebody@example.net", "") == []
