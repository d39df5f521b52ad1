"""The SMTP dialogue: logins by password and by OAuth, and the sender checks."""

import asyncio
import base64
import email
import email.policy
import logging
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

from .store import MailStore, Refusal, StoredMail
from .wording import AT_MAIL, AT_RCPT, Account, refuse_header, refuse_sender

# At every login aiosmtpd warns of an attribute that it sets itself.
logging.getLogger("mail.log").setLevel(logging.ERROR)

# aiosmtpd answers 535 by itself; `handled` would mean that it was answered already.
REFUSED = AuthResult(success=False, handled=False)


class StrictProtocol(SMTP):
    """Adds XOAUTH2, as Odoo's Gmail and Outlook modules log in, to aiosmtpd."""

    async def auth_XOAUTH2(self, _server, args):  # noqa: N802 (aiosmtpd finds it by this name)
        """Log in ``user=<login>^Aauth=Bearer <token>^A^A``; any token but "" will do."""
        try:
            text = base64.b64decode(args[1], validate=True).decode()
            fields = dict(field.split("=", 1) for field in text.split("\x01") if field)
        except (IndexError, ValueError):
            return REFUSED
        scheme, _space, token = fields.get("auth", "").partition(" ")
        account = self.event_handler.accounts.get(fields.get("user"))
        if not account or scheme != "Bearer" or not token.strip():
            return REFUSED
        return self.event_handler.welcome(account)


class StrictHandler:
    """Answers as the logged-in account's provider would, and stores the outcome.

    The ``handle_*`` methods are aiosmtpd's hooks: each returns the SMTP answer.
    """

    def __init__(self, accounts: list[Account], store: MailStore):
        self.accounts = {account.login: account for account in accounts}
        self.store = store
        self.logins: list[str] = []

    def protocol(self, loop: asyncio.AbstractEventLoop, starttls: ssl.SSLContext | None) -> StrictProtocol:
        """Make the protocol of one connection.

        :param starttls: with it, a login is taken only after STARTTLS
        """
        return StrictProtocol(
            self,
            loop=loop,
            # aiosmtpd would look up the machine's name in DNS, which can take seconds.
            hostname="localhost",
            tls_context=starttls,
            # Over plain ssl aiosmtpd does not know that there is TLS.
            auth_require_tls=bool(starttls),
            authenticator=self.authenticate,
        )

    def authenticate(self, _server, _session, _envelope, _mechanism, auth_data) -> AuthResult:
        """Check login and password (AUTH PLAIN and LOGIN)."""
        account = self.accounts.get(auth_data.login.decode())
        if not account or account.password != auth_data.password.decode():
            return REFUSED
        return self.welcome(account)

    def welcome(self, account: Account) -> AuthResult:
        """Let the account in; it becomes the session's ``auth_data``."""
        self.logins.append(account.login)
        return AuthResult(success=True, auth_data=account)

    async def handle_MAIL(self, _server, session, envelope, address, options):  # noqa: N802
        """Check the envelope sender."""
        if not session.auth_data:
            return "530 5.7.0 Authentication required"
        answer = refuse_sender(AT_MAIL, session.auth_data, address)
        if answer:
            return self._refuse(session.auth_data, address, answer)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server, session, envelope, address, options):  # noqa: N802
        """Take a recipient, or refuse the sender where the provider does it here."""
        answer = refuse_sender(AT_RCPT, session.auth_data, envelope.mail_from)
        if answer:
            return self._refuse(session.auth_data, envelope.mail_from, answer)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802
        """Check the header From, and store the mail."""
        account = session.auth_data
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        answer = refuse_header(account, message)
        if answer:
            return self._refuse(account, envelope.mail_from, answer)
        recipients = tuple(envelope.rcpt_tos)
        mail = StoredMail(account.login, envelope.mail_from, recipients, envelope.content)
        self.store.accept(mail)
        return "250 Message accepted for delivery"

    def _refuse(self, account: Account, sender: str, answer: str) -> str:
        self.store.refuse(Refusal(account.login, sender or "", answer))
        return answer
