"""The strict server as `make run` starts it: its accounts, and where it keeps mails."""

from .state import KEY, state_folder
from .strict_server import Account, FolderStore, StrictServer

# One account for each kind of provider; the password of all is "secret".
ACCOUNTS = (
    Account("kevin@example.com", wording="tencent"),
    Account("li@example.cn", wording="netease"),
    Account("anna@example.org", wording="postfix"),
    Account("omar@example.net", wording="header"),
    Account("anybody@example.info", wording="open"),
)


def mail_store() -> FolderStore:
    """Return the folder of this checkout's mails."""
    return FolderStore(state_folder() / "mails" / KEY)


def mail_server(port: int) -> StrictServer:
    """Return the server, not yet started; port 0 takes any free one."""
    return StrictServer(ACCOUNTS, port=port, store=mail_store())
