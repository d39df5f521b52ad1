"""The other end of `make run`: a mailbox that Odoo can fetch, and a customer who answers."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, getaddresses, make_msgid

from .mailbox_server import Mailbox
from .strict_server import FolderStore, StoredMail

CUSTOMER = "customer@example.net"


class Correspondent(FolderStore):
    """Keeps all mails, delivers those to the mailbox's domain, and answers those to the customer at once."""

    def __init__(self, folder, mailbox: Mailbox):
        super().__init__(folder)
        self.mailbox = mailbox

    def accept(self, mail: StoredMail) -> None:
        """Take in a mail, and let it arrive."""
        super().accept(mail)
        if any(self._is_ours(recipient) for recipient in mail.rcpt_tos):
            self.mailbox.add(mail.data)
        if CUSTOMER in mail.rcpt_tos:
            self._answer(mail.message)

    def _answer(self, message) -> None:
        """Answer where the mail asks for it; what goes elsewhere is nobody's."""
        asked = message.get_all("Reply-To") or message.get_all("From", [])
        if any(self._is_ours(address) for _name, address in getaddresses(map(str, asked))):
            self.mailbox.add(answer_to(message).as_bytes(policy=SMTP))

    def _is_ours(self, address: str) -> bool:
        """Tell whether an address is in the mailbox's domain, whose mail all arrives there."""
        return address.partition("@")[2] == self.mailbox.login.partition("@")[2]


def answer_to(message) -> EmailMessage:
    """Return what the customer answers."""
    answer = EmailMessage()
    answer["From"] = f"Carla Customer <{CUSTOMER}>"
    answer["To"] = str(message.get("Reply-To") or message["From"])
    answer["Subject"] = f"Re: {message.get('Subject', '')}"
    answer["Date"] = formatdate()
    answer["Message-Id"] = make_msgid(domain=CUSTOMER.partition("@")[2])
    if message["Message-Id"]:
        answer["In-Reply-To"] = answer["References"] = str(message["Message-Id"]).strip()
    answer.set_content("Thank you, it has arrived.\n")
    return answer
