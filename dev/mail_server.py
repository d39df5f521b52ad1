"""The strict server as `make run` starts it: its accounts, where it keeps mails, and who answers them."""

from .correspondent import Correspondent
from .mailbox_server import Mailbox
from .state import KEY, state_folder
from .strict_server import Account, FolderStore, StrictServer

# The mailbox that a newcomer sets up in Odoo.
MAILBOX = "li@example.cn"
# One account for each kind of provider; the password of all is "secret".
ACCOUNTS = (
    Account("kevin@example.com", wording="tencent"),
    Account(MAILBOX, wording="netease"),
    Account("anna@example.org", wording="postfix"),
    Account("omar@example.net", wording="header"),
    Account("anybody@example.info", wording="open"),
)


def mail_store() -> FolderStore:
    """Return the folder of this checkout's mails."""
    return FolderStore(state_folder() / "mails" / KEY)


def mail_server(port: int, mailbox: Mailbox) -> StrictServer:
    """Return the server, not yet started, whose answers come into `mailbox`; port 0 takes any free one."""
    return StrictServer(ACCOUNTS, port=port, store=Correspondent(mail_store().folder, mailbox))
