"""The strict server against Python's own SMTP client, as Odoo uses it."""

import base64
import smtplib
import ssl
from email.message import EmailMessage

import pytest

from ..strict_server import Account, FolderStore, StrictServer

KEVIN = "kevin@example.com"
REFUSALS = {
    "tencent": (501, "mail from address must be same as authorization user"),
    "netease": (553, "Mail from must equal authorized user"),
    "postfix": (553, f"5.7.1 <jane@example.org>: Sender address rejected: not owned by user {KEVIN}"),
    "header": (550, 'The "From" header of the mail must be same as authorization user'),
}


def connect(server, tls="none", login=KEVIN, password="secret"):
    """Open a session and log in, the way Odoo does for this kind of encryption."""
    kind = smtplib.SMTP_SSL if tls == "ssl" else smtplib.SMTP
    client = kind(server.host, server.port, timeout=5)
    if tls == "starttls":
        client.starttls()
    client.login(login, password)
    return client


def send(client, header_from=KEVIN, envelope_from=KEVIN):
    """Send a small mail; `header_from` goes out as it is."""
    text = f"From: {header_from}\r\nTo: ann@example.net\r\nSubject: Hello\r\n\r\nHello\r\n"
    return client.sendmail(envelope_from, ["ann@example.net"], text.encode())


@pytest.mark.parametrize("tls", ["none", "starttls", "ssl"])
@pytest.mark.parametrize("wording", ["tencent", "netease", "postfix", "header", "open"])
def test_own_sender_is_delivered(wording, tls):
    with StrictServer([Account(KEVIN, wording=wording)], tls=tls) as server:
        with connect(server, tls) as client:
            send(client, '"Doe, Jane" <KEVIN@example.com>')
        [mail] = server.mails
        assert (mail.login, mail.mail_from, mail.rcpt_tos) == (KEVIN, KEVIN, ("ann@example.net",))
        assert mail.message["From"].addresses[0].display_name == "Doe, Jane"
        assert mail.data.startswith(b'From: "Doe, Jane"')
        assert (server.sessions, server.logins, server.refusals) == (1, [KEVIN], [])


@pytest.mark.parametrize("tls", ["none", "starttls", "ssl"])
@pytest.mark.parametrize("wording", REFUSALS)
def test_foreign_sender_is_refused_in_the_providers_words(wording, tls):
    with StrictServer([Account(KEVIN, wording=wording)], tls=tls) as server:
        with connect(server, tls) as client:
            with pytest.raises(smtplib.SMTPException) as refused:
                send(client, "jane@example.org", "jane@example.org")
            # The session survives: the same client may go on with a sender that fits.
            send(client)
        code, text = REFUSALS[wording]
        assert (code, text.encode()) == answer_of(refused.value)
        assert server.refusals == [(KEVIN, "jane@example.org", f"{code} {text}")]
        assert (len(server.mails), server.sessions) == (1, 1)


def answer_of(error):
    """Return (code, text) of a refusal, wherever smtplib put them."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return error.recipients["ann@example.net"]
    return error.smtp_code, getattr(error, "smtp_error", None)


@pytest.mark.parametrize("wording", ["tencent", "netease", "postfix"])
def test_empty_envelope_sender_is_foreign(wording):
    with StrictServer([Account(KEVIN, wording=wording)]) as server, connect(server) as client:
        with pytest.raises(smtplib.SMTPException):
            send(client, envelope_from="")
        assert len(server.refusals) == 1


@pytest.mark.parametrize(
    "header_from",
    [
        "Doe, Jane <kevin@example.com>",
        "kevin@example.com, jane@example.org",
        "=?utf-8?b?5L2c6ICF?= 0, Co. <kevin@example.com>",
        "Jane <jane@example.org>\r\nFrom: kevin@example.com",
        "",
    ],
)
def test_header_check_reads_every_address(header_from):
    with StrictServer([Account(KEVIN, wording="header")]) as server, connect(server) as client:
        with pytest.raises(smtplib.SMTPDataError):
            send(client, header_from)
        assert not server.mails


def test_header_check_lets_any_envelope_sender_pass():
    with StrictServer([Account(KEVIN, wording="header")]) as server, connect(server) as client:
        send(client, envelope_from="bounce@example.org")
        assert server.mails[0].mail_from == "bounce@example.org"


def test_login_that_is_no_address_owns_its_mailbox():
    account = Account("kevin", wording="tencent", address=KEVIN)
    with StrictServer([account]) as server, connect(server, login="kevin") as client:
        send(client)
        assert server.mails[0].login == "kevin"


def test_accounts_are_judged_each_by_its_own_provider():
    accounts = [Account(KEVIN, wording="tencent"), Account("li@example.cn", wording="open")]
    with StrictServer(accounts) as server, connect(server, login="li@example.cn") as client:
        send(client, "jane@example.org", "jane@example.org")
        assert server.mails[0].login == "li@example.cn"


@pytest.mark.parametrize("method", ["auth_plain", "auth_login"])
def test_wrong_password_is_refused(method):
    with StrictServer([Account(KEVIN)]) as server:
        with smtplib.SMTP(server.host, server.port, timeout=5) as client:
            client.ehlo()
            client.user, client.password = KEVIN, "wrong"
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.auth(method[5:].upper(), getattr(client, method))
            assert client.mail(KEVIN)[0] == 530
        assert server.logins == []


def oauth(client, text):
    """Log in as Odoo's Gmail and Outlook modules do; return the answer's code."""
    client.ehlo()
    return client.docmd("AUTH", "XOAUTH2 " + base64.b64encode(text.encode()).decode())[0]


def test_oauth_login_with_any_token():
    with StrictServer([Account(KEVIN)], tls="starttls") as server:
        with smtplib.SMTP(server.host, server.port, timeout=5) as client:
            client.starttls()
            assert oauth(client, f"user={KEVIN}\1auth=Bearer token\1\1") == 235
            send(client)
        assert server.mails[0].login == KEVIN


@pytest.mark.parametrize(
    "text",
    [f"user={KEVIN}\1auth=Bearer \1\1", "user=jane@example.org\1auth=Bearer token\1\1", "nonsense"],
)
def test_oauth_login_without_token_or_account_is_refused(text):
    with StrictServer([Account(KEVIN)]) as server:
        with smtplib.SMTP(server.host, server.port, timeout=5) as client:
            assert oauth(client, text) == 535


def test_no_login_before_starttls():
    with StrictServer([Account(KEVIN)], tls="starttls") as server:
        with smtplib.SMTP(server.host, server.port, timeout=5) as client:
            with pytest.raises(smtplib.SMTPNotSupportedError):
                client.login(KEVIN, "secret")


def test_certificate_names_the_host():
    with StrictServer([Account(KEVIN)], tls="ssl") as server:
        pem = ssl.get_server_certificate((server.host, server.port))
        trusting = ssl.create_default_context(cadata=pem)
        with smtplib.SMTP_SSL(server.host, server.port, timeout=5, context=trusting) as client:
            assert client.noop()[0] == 250


def test_taken_port_is_an_error():
    with StrictServer([]) as server:
        with pytest.raises(OSError), StrictServer([], port=server.port):
            pass


def test_closing_hangs_up_on_open_sessions():
    with StrictServer([Account(KEVIN)]) as server:
        client = connect(server)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()


def test_folder_keeps_mails_and_refusals(tmp_path):
    with StrictServer([Account(KEVIN)], store=FolderStore(tmp_path)) as server:
        with connect(server) as client:
            send(client)
            with pytest.raises(smtplib.SMTPSenderRefused):
                send(client, envelope_from="jane@example.org")
    accepted, refused = FolderStore(tmp_path).entries()
    assert (accepted["file"], accepted["rcpt_tos"]) == ("00001.eml", ["ann@example.net"])
    assert (tmp_path / accepted["file"]).read_bytes() == server.mails[0].data
    assert (refused["mail_from"], refused["answer"][:3]) == ("jane@example.org", "501")


def test_unknown_wording_or_encryption_is_an_error():
    with pytest.raises(ValueError, match="wording of kevin"):
        Account("kevin", wording="qq")
    with pytest.raises(ValueError, match="tls"):
        StrictServer([], tls="tls")


def test_an_encoded_name_is_stored_decoded():
    message = EmailMessage()
    message["From"] = '"作者, Co." <kevin@example.com>'
    message["To"] = "ann@example.net"
    message.set_content("Hello")
    with StrictServer([Account(KEVIN, wording="header")]) as server, connect(server) as client:
        client.send_message(message)
        assert server.mails[0].message["From"].addresses[0].display_name == "作者, Co."
