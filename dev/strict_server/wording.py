"""Who may send as whom, and what a refusal sounds like."""

from dataclasses import dataclass
from email.message import EmailMessage

# The envelope sender is checked at MAIL FROM.
AT_MAIL = {
    "tencent": "501 mail from address must be same as authorization user",
    "netease": "553 Mail from must equal authorized user",
}
# Postfix delays the same check until RCPT TO (smtpd_delay_reject), so that a client sees the
# refusal as one of its recipients.
AT_RCPT = {
    "postfix": "553 5.7.1 <{sender}>: Sender address rejected: not owned by user {login}",
}
# The header From is checked when the whole message is there; any envelope sender passes.
AT_DATA = {
    "header": '550 The "From" header of the mail must be same as authorization user',
}
WORDINGS = (*AT_MAIL, *AT_RCPT, *AT_DATA, "open")


@dataclass(frozen=True)
class Account:
    """One mailbox on the strict server.

    ``address`` is the mailbox a login owns if the login itself is not an address (``kevin``).
    """

    login: str
    password: str = "secret"
    wording: str = "tencent"
    address: str = ""

    def __post_init__(self):
        if self.wording not in WORDINGS:
            raise ValueError(f"wording of {self.login}: {self.wording!r} is none of {WORDINGS}")

    def owns(self, address: str | None) -> bool:
        """Tell whether `address` is this account's own; upper and lower case are the same."""
        return (address or "").lower() == (self.address or self.login).lower()


def refuse_sender(words: dict[str, str], account: Account, sender: str | None) -> str:
    """Return the SMTP answer of `account`'s provider to a foreign envelope sender, else ""."""
    answer = words.get(account.wording, "")
    if account.owns(sender):
        return ""
    return answer.format(sender=sender or "", login=account.login)


def refuse_header(account: Account, message: EmailMessage) -> str:
    """Return the SMTP answer to a header From with any address but the account's own, else "".

    Every address counts: a name that is not quoted (``Doe, Jane <kevin@example.com>``) reads as
    two, and real servers refuse it.
    """
    answer = AT_DATA.get(account.wording, "")
    senders = [address for header in message.get_all("From", []) for address in header.addresses]
    if senders and all(account.owns(sender.addr_spec) for sender in senders):
        return ""
    return answer
