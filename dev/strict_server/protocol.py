"""The SMTP dialogue: logins by password and by OAuth, the sender checks, and the faults."""

import asyncio
import base64
import email
import email.policy
import logging
import ssl

from aiosmtpd.smtp import MISSING, SMTP, AuthResult

from .faults import DATA, EHLO, END, LOGIN, MAIL, QUIT, RCPT, TLS, Fault, Faults, Moment
from .presence import Presence
from .store import MailStore, Refusal, StoredMail
from .wording import AT_MAIL, AT_RCPT, Account, refuse_header, refuse_sender

# At every login aiosmtpd warns of an attribute that it sets itself.
logging.getLogger("mail.log").setLevel(logging.ERROR)

# aiosmtpd itself answers 535; `handled` would mean that somebody already did.
REFUSED = AuthResult(success=False, handled=False)
# Here the answer is on its way.
ANSWERED = AuthResult(success=False, handled=True)


class StrictProtocol(SMTP):
    """Adds XOAUTH2, as Odoo's Gmail and Outlook modules log in, and faults to aiosmtpd.

    ``mails`` counts what was accepted on this connection.
    """

    mails = 0
    login = ""
    greeting_fault: Fault | None = None
    login_fault: Fault | None = None

    @property
    def pipelined(self) -> bool:
        """Whether the client has written more without waiting for the answer to this command."""
        return bool(self._reader._buffer)

    def strike(self, at: str, login: str = "", recipient: str = "", sender: str = "") -> Fault | None:
        """Return the fault that strikes now."""
        account = self.session.auth_data
        login = login or (account.login if account else "")
        return self.event_handler.faults.strike(Moment(at, login, recipient, self.mails, self.pipelined, sender))

    async def suffer(self, fault: Fault) -> str:
        """Return what to answer; never return where nothing more is said."""
        if fault.closes:
            if fault.answer:
                await self.push(fault.answer)
            self.transport.close()
        if fault.closes or fault.silent:
            # Until the connection is gone, which cancels this.
            await self.loop.create_future()
        return fault.answer

    async def trouble(self, at: str, recipient: str = "", sender: str = "") -> str:
        """Return the answer of a fault that strikes now, else ""."""
        fault = self.strike(at, recipient=recipient, sender=sender)
        return await self.suffer(fault) if fault else ""

    def connection_lost(self, error):
        """Note that the client is gone."""
        if self.login:
            self.event_handler.presence.leave(self.login)
        super().connection_lost(error)

    async def _handle_client(self):
        """Greet, and talk."""
        if self.greeting_fault:
            await self.push(self.greeting_fault.answer)
            self.transport.close()
        else:
            await super()._handle_client()

    async def smtp_STARTTLS(self, arg):  # noqa: N802
        """Start TLS, or fail at it: a fault without an answer is one of the handshake."""
        fault = self.strike(TLS)
        if not fault:
            await super().smtp_STARTTLS(arg)
            return
        if not fault.answer:
            await self.push("220 Ready to start TLS")
            await self._reader.read(1)
        await self.push(await self.suffer(fault))

    async def smtp_AUTH(self, arg):  # noqa: N802
        """Let in; see :meth:`StrictHandler.welcome`."""
        await super().smtp_AUTH(arg)
        fault, self.login_fault = self.login_fault, None
        if fault:
            await self.push(await self.suffer(fault))

    async def smtp_DATA(self, arg):  # noqa: N802
        """Take a message."""
        answer = self.envelope.rcpt_tos and await self.trouble(DATA)
        if answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)

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
        return self.event_handler.welcome(self, account)


class StrictHandler:
    """Answers as the logged-in account's provider would, and stores the outcome.

    The ``handle_*`` methods are aiosmtpd's hooks: each returns the SMTP answer.

    :param pipelining: announce it (RFC 2920); it works in any case
    """

    def __init__(self, accounts: list[Account], store: MailStore, faults: Faults, pipelining: bool = False):
        self.accounts = {account.login: account for account in accounts}
        self.store = store
        self.faults = faults
        self.pipelining = pipelining
        self.logins: list[str] = []
        self.presence = Presence()
        self.pipelined = 0

    def protocol(
        self, loop: asyncio.AbstractEventLoop, starttls: ssl.SSLContext | None, fault: Fault | None = None
    ) -> StrictProtocol:
        """Make the protocol of one connection.

        :param starttls: with it, a login is taken only after STARTTLS
        :param fault: answers in place of the greeting
        """
        protocol = StrictProtocol(
            self,
            loop=loop,
            # aiosmtpd would look up the machine's name in DNS, which can take seconds.
            hostname="localhost",
            tls_context=starttls,
            # Over plain ssl aiosmtpd does not know that there is TLS.
            auth_require_tls=bool(starttls),
            authenticator=self.authenticate,
        )
        protocol.greeting_fault = fault
        return protocol

    def authenticate(self, server, _session, _envelope, _mechanism, auth_data) -> AuthResult:
        """Check login and password (AUTH PLAIN and LOGIN)."""
        account = self.accounts.get(auth_data.login.decode())
        if not account or account.password != auth_data.password.decode():
            return REFUSED
        return self.welcome(server, account)

    def welcome(self, server: StrictProtocol, account: Account) -> AuthResult:
        """Let the account in; it becomes the session's ``auth_data``."""
        server.login_fault = server.strike(LOGIN, account.login)
        if server.login_fault:
            return ANSWERED
        self.logins.append(account.login)
        server.login = account.login
        self.presence.enter(account.login)
        return AuthResult(success=True, auth_data=account)

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):  # noqa: N802
        """Announce what there is."""
        answer = await server.trouble(EHLO)
        if answer:
            return [answer]
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_HELO(self, server, _session, _envelope, _hostname):  # noqa: N802
        """Greet a client that has not understood EHLO's answer."""
        return await server.trouble(EHLO) or MISSING

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        """Check the envelope sender."""
        if not session.auth_data:
            return "530 5.7.0 Authentication required"
        self.pipelined += server.pipelined
        answer = await server.trouble(MAIL, sender=address or "")
        if answer:
            return answer
        answer = refuse_sender(AT_MAIL, session.auth_data, address)
        if answer:
            return self._refuse(session.auth_data, address, answer)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        """Take a recipient, or refuse the sender where the provider does it here."""
        answer = await server.trouble(RCPT, address)
        if answer:
            return answer
        answer = refuse_sender(AT_RCPT, session.auth_data, envelope.mail_from)
        if answer:
            return self._refuse(session.auth_data, envelope.mail_from, answer)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Take in a mail."""
        fault = server.strike(END)
        answer = "" if fault and not fault.keeps else self._take_in(server, session.auth_data, envelope)
        return await server.suffer(fault) if fault else answer

    async def handle_QUIT(self, server, _session, _envelope):  # noqa: N802
        """Say goodbye."""
        return await server.trouble(QUIT) or MISSING

    def _take_in(self, server: StrictProtocol, account: Account, envelope) -> str:
        """Check the header From, and store the mail."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        answer = refuse_header(account, message)
        if answer:
            return self._refuse(account, envelope.mail_from, answer)
        recipients = tuple(envelope.rcpt_tos)
        mail = StoredMail(account.login, envelope.mail_from, recipients, envelope.content)
        self.store.accept(mail)
        server.mails += 1
        return "250 Message accepted for delivery"

    def _refuse(self, account: Account, sender: str, answer: str) -> str:
        self.store.refuse(Refusal(account.login, sender or "", answer))
        return answer
