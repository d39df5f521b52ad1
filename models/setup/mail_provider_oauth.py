from typing import NamedTuple

from .mail_provider import GOOGLE, MICROSOFT


class OAuth(NamedTuple):
    """How core logs in without a password: the module, and what its forms set."""

    module: str
    authentication: str
    smtp_host: str
    imap_host: str
    token: str
    connect: str

    @property
    def path(self):
        """Return the path that the provider leads back to."""
        return f"/{self.module}/confirm"


OAUTH = {
    GOOGLE: OAuth(
        "google_gmail",
        "gmail",
        "smtp.gmail.com",
        "imap.gmail.com",
        "google_gmail_refresh_token",
        "open_google_gmail_uri",
    ),
    MICROSOFT: OAuth(
        "microsoft_outlook",
        "outlook",
        "smtp.outlook.com",
        "imap.outlook.com",
        "microsoft_outlook_refresh_token",
        "open_microsoft_outlook_uri",
    ),
}
