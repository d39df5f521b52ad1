"""A provider that delivers what its mail server takes into one mailbox, and what it does to a mail on the way."""

import re

from ..mailbox_server import Mailbox
from .store import MailStore, StoredMail


class Post(MailStore):
    """Delivers into a mailbox.

    :param catchall: names that nobody has arrive, too
    :param sub_addresses: box+anything@ arrives
    :param rewrites: From becomes the login's address, without a word (Gmail)
    :param new_ids: each mail gets another Message-Id (Exchange, Aliyun)
    :param returns: what does not arrive comes back; else it is gone
    :param holds: nothing is delivered before `deliver` is called
    """

    def __init__(
        self,
        mailbox: Mailbox,
        catchall: bool = False,
        sub_addresses: bool = False,
        rewrites: bool = False,
        new_ids: bool = False,
        returns: bool = False,
        holds: bool = False,
    ):
        super().__init__()
        self.mailbox = mailbox
        self.catchall = catchall
        self.sub_addresses = sub_addresses
        self.rewrites = rewrites
        self.new_ids = new_ids
        self.returns = returns
        self.holds = holds
        self._held: list[StoredMail] = []

    def accept(self, mail: StoredMail) -> None:
        """Deliver a mail, or hold it."""
        super().accept(mail)
        self._held.append(mail)
        if not self.holds:
            self.deliver()

    def deliver(self) -> None:
        """Deliver all that is held."""
        while self._held:
            mail = self._held.pop(0)
            for recipient in mail.rcpt_tos:
                if self.takes(recipient):
                    self.mailbox.add(self._changed(mail))
                elif self.returns:
                    self.mailbox.add(_report(mail, recipient))

    def takes(self, recipient: str) -> bool:
        """Tell whether mail to an address arrives in the mailbox."""
        local, _at, domain = recipient.partition("@")
        box, _plus, tag = local.partition("+")
        if tag and f"{box}@{domain}" == self.mailbox.login:
            return self.sub_addresses or self.catchall
        return recipient == self.mailbox.login or self.catchall

    def _changed(self, mail: StoredMail) -> bytes:
        """Return a mail as it arrives."""
        raw = mail.data
        if self.rewrites:
            raw = re.sub(rb"^From:[^\r\n]*", b"From: " + mail.login.encode(), raw, count=1, flags=re.MULTILINE)
        if self.new_ids:
            raw = re.sub(rb"^Message-Id: <", b"Message-Id: <other-", raw, count=1, flags=re.MULTILINE | re.IGNORECASE)
        return raw


def _report(mail: StoredMail, recipient: str) -> bytes:
    """Return the report that a mail did not arrive (RFC 3464), as Postfix writes it."""
    head = mail.data.partition(b"\r\n\r\n")[0].decode()
    report = f"""From: MAILER-DAEMON@{mail.login.partition("@")[2]}
To: {mail.mail_from}
Subject: Undelivered Mail Returned to Sender
Message-Id: <report-{recipient}>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"

--=_report
Content-Type: text/plain

<{recipient}>: 550 5.1.1 User unknown

--=_report
Content-Type: message/delivery-status

Reporting-MTA: dns; strict.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--=_report
Content-Type: text/rfc822-headers

{head}

--=_report--
"""
    return "\r\n".join(report.splitlines()).encode()
