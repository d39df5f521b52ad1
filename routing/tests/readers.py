"""The functions that read what people outside write, and the texts that are worst for them.

A new one is a line in READERS: a name, the function, what makes its arguments of a text, and texts of its own. A text
is a pattern that is repeated, or three: what it begins with, what is repeated, and what it ends with.
"""

import email
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from .. import address, provider, signed_id, system_address, token
from ..delivery import answer, refusal
from ..dns import Answer
from ..domain import dkim, dmarc, findings, spf, tags
from ..incoming import (
    automatic,
    bounce,
    bounce_reason,
    bounce_text,
    delivery_status,
    group,
    notice,
    place,
    reader,
    returned_mail,
    subject,
)
from ..mailbox import imap, imap_folder, raw_mail, slow_header
from ..outgoing import author, decision, header, leak, policy, reply, wire
from ..outgoing.decision import RoutingRequest
from ..probe import mails
from ..rows import Company, Domain, Mailbox, Server
from ..table import RoutingTable

# Read by all.
COMMON = ("a", "@", "a@", "a@b.cn,", "<", "(", '"', "\\", ":", " ", "a ", "=?", "=?utf-8?q?a?= ", "\uff20", "\u4f8b")
ADDRESSES = (
    *(
        "a,",
        "a:",
        "a@b.cn ",
        "(a)",
        "()",
        "a;",
        '"a" <a@b.cn>,',
        "a@\u4f8b.cn,",
        "=?utf-8?q?a?= <a@b.cn>,",
        "[\"'",
        "a.",
    ),
    *("<a@b.cn>", "<a@", "<a@<", "\\'", "[", "=?a?q?", ("<", "a@", ""), ("", "a", " <a@b.cn>"), ("", "a ", "<a@b.cn>")),
    *(("g:", "a,", ";"), ("g:", "a@b.cn,", ";"), ("g:", "a>", ";"), ("<", "@a,", ":a@b.cn>")),
    *(("", "=?utf-8?q?a?= ", "<a@b.cn>"), ("=?punycode?q?", "9", "?= <a@b.cn>")),
    *(("a@", "\u30fb", "\u4f8b.cn"), ("a@", "\u0660", "\u4f8b.cn"), ("a@", "\u06f0", "\u4f8b.cn"), ("a@", "a.", "cn")),
)
SIGNED = ("<mcr-own-", (f"<mcr-own-1-{'0' * 32}-", "1", ""), ("<mcr-own-", "1", "-"))
WORDS = (
    *("=?utf-8?b?YQ==?=", "=?utf-8?q?a?= b ", ("=?punycode?q?", "9", "?="), ("=?utf-8?q?re", "_", "?="), "re:", "re "),
    *(
        "9",
        "!",
        "\u3000",
        "[",
        "&",
        "=?a?q?",
        ("", " ", "a"),
        "re[",
        "re[1",
        "re ^1",
        "[a] ",
        "your mail ",
        "delivery ",
        "auto",
        "multipart/",
        "charset=",
        "charset ",
        "-",
        ".",
    ),
)
# The beginnings of what the expressions for bounces look for, so that each has to look on.
SAID = (
    *("delivery ", "message ", "exceed ", "quota ", "mailbox ", "user ", "sender ", "not ", "was not be ", "--", "- "),
    *("用户", "超过", "大小", "内容", "发件人", "无此", "550 ", "5.1.1", "5.1.", "4.1.1.", "<a-openerp-", "-openerp-"),
    *("must be the same as ", "not allowed to send as ", "Message-Id: <", "Message-Id:\n", "original message\n", "\n"),
    *("a\n", " \n", "\n ", "<a@b.cn>:\n", ("<", "a@", "\n"), ("<", "a", "@"), "\n<a@b.cn> (", ">", "\t", "550\n"),
)
HTML = (
    *("<style>", "<style></style>", "<style><script>", "</style", "<br", "<br>", "<a", "<a ", "</", "<!-", "&#", "&lt"),
    *(("&#", "9", ";"), ("&#x", "f", ";"), ("<a ", "b", ""), "&a;", "<title", "<td>"),
)
FIELDS = ("a: b\n", "action: failed\n", "a: b\n\n", "Final-Recipient: rfc822; a@b.cn\n\n", " a\n", "\r\n \n", ": ", ";")
MIME = (
    "a: b\n",
    "To: a@b.cn\n",
    "Delivered-To: a@b.cn\n",
    "Subject: =?utf-8?q?a?=\n",
    "Message-Id: <a@b>\n",
    "\r",
    "\r\n",
)
FOLDERS = (
    "&AAA",
    "&AAA-",
    "&",
    "&-",
    "&&-",
    '"',
    "\\",
    ("(", ")", ""),
    ("() ", '"', ""),
    ("() . ", "{1", "}"),
    "\u8ba2",
)
QUOTED = (("BODY[] ", '"', ""), ('BODY[] "', "\\", ""), ('BODY[] "', '\\"', ""), ("", 'BODY[] "\\"', ""), "BODY[] NIL")

ROUTING = importlib.import_module("..", __package__)
TABLE = RoutingTable.build(
    companies=[
        Company(1, restrict_username=True, reply_to_by_company=True, reply_to_prefix="box", domain_id=1),
        Company(2, catchall_supported=False, from_by_company=True, server_by_reply_to=True, domain_id=2),
    ],
    servers=[Server(1, "One", login="kevin@b.cn", company_id=1), Server(2, "Two", login="kevin@c.cn")],
    mailboxes=[Mailbox(1, "box@b.cn", 1, sub_address=True), Mailbox(2, "box@c.cn", 2)],
    domains=[Domain(1, "b.cn", 1, catchall="catchall"), Domain(2, "c.cn", 2, bounce="bounce", default_from="info")],
)
SPF = ("a ", "include:b.cn ", "ip4:", "ip4:1.2.3.4 ", "a=", "/", "a/1", ("a:", "b", "/1"), "+", "%{i}", "exists:a ")
TAGS = (";", "=", "p=;", "p=a;", "v=DMARC1;")
QUESTION = findings.Question("b.cn", (findings.Sender("One", "smtp.b.cn", "b.cn", "c.cn"),), ("imap.b.cn",), "s")
TOKEN = "0123456789ab"
REPORT = "From: MAILER-DAEMON@b.cn\nSubject: Undelivered mail odoo-probe-0123456789ab-kept\n\n"
SIGNATURE = "0123456789abcdef" * 4
OWN_MAIL = group.OwnMail("<1@b.cn>", frozenset({2}))


class Reader(NamedTuple):
    """What reads: a name for the test, the function, its arguments of a text, and its worst texts."""

    name: str
    function: Callable
    arguments: Callable
    worst: tuple = ()


def zone(text):
    """Return a look-up that has the same text for every name."""
    return lambda _name, _kind: Answer((text,))


def only(text):
    """Return a text as the only argument."""
    return (text,)


def data(text):
    """Return a text as bytes."""
    return (text.encode(),)


def mail(*lines):
    """Return a mail made of lines."""
    return email.message_from_bytes("\n".join(lines).encode())


def headed(name):
    """Return what makes a mail with a text in one of its headers, and has a bounce's other headers."""
    others = {"From": "MAILER-DAEMON@b.cn", "Subject": "Undelivered mail", "Content-Type": "text/plain"}

    def arguments(text):
        headers = others | {name: text}
        return (mail(*(f"{key}: {value}" for key, value in headers.items()), "", "550 5.1.1 <a@b.cn>: unknown"),)

    return arguments


def said(kind):
    """Return what makes a bounce with a text of this content type."""
    return lambda text: (mail("From: MAILER-DAEMON@b.cn", "Subject: Undelivered", f"Content-Type: {kind}", "", text),)


def enclosing(kind):
    """Return what makes a report with a text in a part of this content type."""
    head = 'From: postmaster@b.cn\nContent-Type: multipart/report; boundary="x"\n\n--x\n'
    return lambda text: (mail(head + f"Content-Type: {kind}\n\n{text}\n--x--\n"),)


def nested(text):
    """Return a mail of containers in containers, as many as the text has lines of a hundred characters."""
    message = mail("Content-Type: text/plain", "", "a")
    for _level in range(len(text) // 100):
        outer = mail("Content-Type: multipart/mixed", "", "")
        outer.set_payload([message])
        message = outer
    return (message,)


def set_header(function, *arguments):
    """Return a function that writes a header into a mail of each kind, and both as they go over the wire."""

    def write(text):
        for message in (email.message.EmailMessage(email.policy.SMTP), email.message.Message()):
            function(message, *arguments, text)
            # what is not in the form that they ask for may be no header
            with suppress(UnicodeEncodeError):
                message.as_bytes()

    return write


def apply_policy_and_route(text):
    """Write the route of a mail on a server that only takes its own sender, and of one that takes any Sender."""
    for kind in ("username", "on_behalf"):
        route = decision.Route(1, 1, kind, **policy.apply_policy(kind, TABLE.servers[1], text))
        message = email.message.Message()
        message["From"] = "a@b.cn"
        wire.apply_route(route, message, text)
        message.as_bytes()


def fold_headers(text):
    """Write the address headers of a mail anew."""
    message = email.message.Message()
    message["From"] = text
    message["Reply-To"] = text
    wire.fold_legally(message)
    message.as_bytes()


def fetch_quoted(item):
    """Read a message that an IMAP server sends as a quoted string."""
    client = SimpleNamespace(
        select=lambda _folder: ("OK", [b"1"]),
        response=lambda name: (name, [b"1"]),
        uid=lambda *_command: ("OK", [item]),
    )
    imap.ImapMailbox(client).message("INBOX/1/1")


def split(text):
    """Return a text as many short ones."""
    return text.split(",")


def pairs(text):
    """Return a text as the recipients of a mail."""
    return [("To", entry) for entry in split(text)]


PRESETS = [provider.Preset(1, ("b.cn",), ("mx.b.cn",), ("smtp.b.cn",))]
NEAR = group.Destinations(answered=frozenset({1}))
# Those that only hand a text on to another one of these have no texts of their own.
READERS = [
    Reader("find", address.find, only, ADDRESSES),
    Reader("check", address.check, only, ADDRESSES),
    Reader("wire domain", address.wire_domain, only, ("\u30fb", "\u0660", "\u06f0", "a.", "\u3002", "xn--")),
    Reader("typed domain", address.typed_domain, only, (("xn--", "9", ""), ("xn--", "a", ""), "xn--fsqu00a.")),
    Reader("FROM Filtering", address.wire_filter, only, ADDRESSES),
    Reader("local part", address.local, only),
    Reader("domain", address.domain, only),
    Reader("same address", address.same, lambda text: (text, text)),
    Reader("one spelling", address.key, only, ADDRESSES),
    Reader("mentioned anywhere", address.mentioned, only, ADDRESSES + WORDS),
    Reader("safe names", address.has_safe_names, only, ADDRESSES + WORDS),
    Reader("parse", address.parse, only, ADDRESSES),
    Reader("pairs", address.raw_pairs, only, ADDRESSES),
    Reader("first", address.first, only),
    Reader("wire form", address.in_wire_form, only, (*ADDRESSES, "a@例子.cn,")),
    Reader("name without address", address.parse_name, only, ADDRESSES + WORDS),
    Reader("encoded name", address.decode, only, WORDS),
    Reader("display name", address.display_name, only, ADDRESSES + WORDS),
    Reader("own addresses", system_address.find_system_address, lambda text: (TABLE, text), ("+",)),
    Reader("aliases", system_address.alias_names, lambda text: (TABLE, split(text)), ("box+a@b.cn,",)),
    Reader("token", token.read_number, only, ("2",)),
    Reader("genuine token", token.is_genuine, lambda text: (text.encode("ascii", "replace").decode(), SIGNATURE)),
    Reader("sub-address", token.split_token, only, ("+", "a+")),
    Reader("new sub-address", token.add_token, lambda text: (text, "abc"), ("+",)),
    Reader("without tokens", token.without_tokens, lambda text: (text, {}), ("a.", ("", "a.", "@"), ("a@", "a.", ""))),
    Reader("author", author.choose_author, lambda text: (TABLE, RoutingRequest(1, author=text), Company(1))),
    Reader(
        "author of a company",
        author.author_of,
        lambda text: (TABLE, RoutingRequest(1, author=text), Company(1), TABLE.servers[1]),
    ),
    Reader("author with safe names", author.with_safe_names, only, ADDRESSES + WORDS),
    Reader(
        "author elsewhere",
        author.moved_addresses,
        lambda text: (TABLE, RoutingRequest(2, author=text, user_id=1)),
    ),
    Reader(
        "route",
        decision.decide,
        lambda text: (TABLE, RoutingRequest(1, author=text, reply_to=text)),
        ADDRESSES,
    ),
    Reader("route elsewhere", decision.decide, lambda text: (TABLE, RoutingRequest(2, None, text, text))),
    Reader("policy", policy.apply_policy, lambda text: ("username", TABLE.servers[1], text)),
    Reader("sender", policy.as_sender, lambda text: (text, "kevin@b.cn"), ADDRESSES),
    Reader("Reply-To", reply.header, lambda text: ([address.Address(text, "a@b.cn")],), ADDRESSES),
    Reader("many Reply-To", reply.header, lambda text: (address.parse(text),), ADDRESSES),
    Reader("address header", set_header(header.set_address_header, "From"), only, ADDRESSES),
    Reader("leaks", leak.find_leaks, lambda text: (TABLE, {1}, None, {"from": text}), ADDRESSES),
    Reader("words header", set_header(header.set_words_header, "References"), only),
    Reader("headers of core", fold_headers, only, ADDRESSES),
    Reader("only author", author.only_author, only, ADDRESSES),
    Reader("route on a message", apply_policy_and_route, only, ADDRESSES),
    Reader("refusal", refusal.sender_refusal, lambda text: (550, text), SAID),
    Reader("answer", answer.classify, lambda text: (550, text.encode()), SAID),
    Reader("stored answer", answer.parse, lambda text: (f"550 {text}",), SAID),
    Reader("about the sender", refusal.may_mean_sender, lambda text: (answer.classify(550, text), text), SAID),
    Reader("answer to nobody", answer.of_exception, lambda text: (OSError(text),), SAID),
    Reader("names of hosts", provider.names, only, (",", "a,", ".", ("a", ".", ""))),
    Reader("provider by domain", provider.by_domain, lambda text: (PRESETS, text)),
    Reader("provider by MX", provider.by_mx, lambda text: (PRESETS, split(text)), ("a.", "a.b.cn,")),
    Reader("provider by host", provider.by_host, lambda text: (PRESETS, text), ("a.", ".")),
    Reader("automatic", automatic.is_automatic, headed("From"), ADDRESSES),
    Reader("Auto-Submitted", automatic.is_automatic, headed("Auto-Submitted"), WORDS),
    Reader("daemon", automatic.is_daemon, headed("From"), (*ADDRESSES, "mail-", "mailer-daemon")),
    Reader("no sender", automatic.has_no_sender, headed("Return-Path")),
    Reader("vacation", automatic.is_vacation, headed("Subject"), (*WORDS, "!")),
    Reader("mail system", automatic.is_mail_system, headed("From"), (*ADDRESSES, "<", "< ")),
    Reader("postmaster", automatic.is_postmaster, headed("From"), ADDRESSES),
    Reader("answers", automatic.answers, headed("References")),
    Reader("challenge", automatic.is_challenge, headed("Subject"), (*WORDS, "!", "confirm ")),
    Reader("complaint", automatic.is_complaint, headed("Content-Type"), (*WORDS, "report-type ")),
    Reader("notice", notice.read_notice, enclosing("message/feedback-report"), SAID + FIELDS),
    Reader("receipt's notice", notice.read_notice, enclosing("message/disposition-notification"), SAID + FIELDS),
    Reader("report", automatic.is_report, headed("Content-Type"), WORDS),
    Reader("receipt", automatic.is_receipt, headed("Content-Type"), WORDS),
    Reader("bounce in words", bounce.read_bounce, said("text/plain; charset=utf-8"), SAID),
    Reader("bounce in HTML", bounce.read_bounce, said("text/html; charset=utf-8"), HTML),
    Reader("bounce by subject", bounce.read_bounce, headed("Subject"), WORDS),
    Reader("bounce by recipients", bounce.read_bounce, headed("X-Failed-Recipients")),
    Reader("bounce by report", bounce.read_bounce, enclosing("message/delivery-status"), SAID + FIELDS),
    Reader("bounce with the mail", bounce.read_bounce, enclosing("message/rfc822"), SAID + FIELDS + MIME),
    Reader("bounce with headers", bounce.read_bounce, enclosing("text/rfc822-headers"), SAID + FIELDS + MIME),
    Reader("no failure", bounce.says_no_failure, enclosing("message/delivery-status"), FIELDS),
    Reader("code", bounce_reason.find_code, only, SAID),
    Reader("reason", bounce_reason.reason_kind, lambda text: ("550", text), SAID),
    Reader("failure subject", bounce_text.has_failure_subject, headed("Subject"), WORDS),
    Reader("delay subject", bounce_text.has_delay_subject, headed("Subject"), WORDS),
    Reader("shown text", bounce_text.shown_text, said("text/html"), HTML),
    Reader("without the copy", bounce_text.without_copy, only, SAID),
    Reader("copy", bounce_text.has_copy, only, (*SAID, "-", "> ", "\n")),
    Reader("quotes a server", bounce_text.quotes_a_server, only, (*SAID, "550 a", "550 a\n")),
    Reader("failure", bounce_text.speaks_of_failure, only, SAID),
    Reader("telling line", bounce_text.telling_line, only, SAID),
    Reader(
        "named recipients",
        bounce_text.named_recipients,
        only,
        (*SAID, *ADDRESSES, " ", " * a@b.cn", "a@", "recipient: ", " <a@b.cn> ("),
    ),
    Reader("mentioned", bounce_text.mentioned_addresses, lambda text: (mail("", ""), text), SAID + ADDRESSES),
    Reader("server's words", bounce_text.words, only, SAID),
    Reader("delivery status", delivery_status.read_delivery_status, enclosing("message/delivery-status"), FIELDS),
    Reader(
        "one encoded status", delivery_status.read_delivery_status, enclosing("message/global-delivery-status"), FIELDS
    ),
    Reader("returns a mail", returned_mail.returns_mail, enclosing("message/rfc822"), MIME),
    Reader("broken container", reader.is_broken, headed("Content-Type"), WORDS),
    Reader("ids in the text", returned_mail.returned_ids, lambda text: (mail("", ""), text), SAID),
    Reader("ids of a part", returned_mail.returned_ids, lambda text: (*enclosing("message/rfc822")(text), ""), MIME),
    Reader("place", place.find_place, lambda text: (TABLE, pairs(text), 1)),
    Reader("catchall", place.is_answered, lambda text: (TABLE, place.Place(1, 1), split(text))),
    Reader(
        "aliases of other domains",
        place.aliases_of_other_domains,
        lambda text: (TABLE, split(text), [(n, str(n), None, None) for n in range(len(text) // 10)]),
    ),
    Reader("header", reader.header, lambda text: (*headed("Subject")(text), "Subject"), WORDS + ADDRESSES),
    Reader("headers", reader.headers, lambda text: (mail(text, ""), "To"), MIME),
    Reader("encoded words", reader.decoded, only, WORDS),
    Reader("content type", reader.content_type, headed("Content-Type"), WORDS),
    Reader("parts", reader.parts, nested),
    Reader("enclosed", reader.enclosed, nested),
    Reader("text", reader.text, said("text/plain; charset=gb2312")),
    Reader("text of a slow charset", reader.text, said("text/plain; charset=punycode")),
    Reader("text by charset", reader.text, headed("Content-Type"), WORDS),
    Reader("text of HTML", reader.text, said("text/html"), HTML),
    Reader("message ids", reader.message_ids, only, (*SAID, "<a@b>")),
    Reader("recipients", reader.recipients, headed("To"), ADDRESSES),
    Reader("recipients in many headers", reader.recipients, lambda text: (mail(text, ""),), MIME),
    Reader("subject", subject.normalise, only, (*WORDS, "re(1):", "回复：")),
    Reader("answer", subject.is_answer, only, (*WORDS, ("re", " ", ""), ("re [", " ", ""))),
    Reader("id of a copy", group.copy_id, lambda text: (text, SIGNATURE), (">",)),
    Reader("copy", group.is_copy_id, only, ("<mcr-",)),
    Reader("original", group.original_id, only, ("<mcr-", "<mcr-0123456789abcdef-")),
    Reader("signed id", signed_id.read_id, only, SIGNED),
    Reader("unsigned id", signed_id.unsigned, only, SIGNED),
    Reader("id to sign", signed_id.write_id, lambda text: (f"<{text}>", 1, SIGNATURE), (">",)),
    Reader("companies", group.addressed, lambda text: (TABLE, pairs(text), 1)),
    Reader("receivers", group.receivers, lambda text: (TABLE, OWN_MAIL, pairs(text), NEAR, 1)),
    Reader("own recipients", group.own_recipients, lambda text: (TABLE, pairs(text), 1)),
    Reader("own To", group.own_addresses, lambda text: (TABLE, text, 1)),
    Reader("companies by id", group.by_id, lambda text: ([(entry, 1) for entry in split(text)],)),
    Reader(
        "references",
        group.own_references,
        lambda text: (split(text), {}, 1, {entry: entry for entry in split(text)}),
    ),
    Reader("sender of a company", group.is_sender, lambda text: (TABLE, 1, text)),
    Reader("address for answers", group.answer_address, lambda text: (TABLE, 1, text)),
    Reader("folder", imap_folder.encode, only, FOLDERS),
    Reader("folder of a server", imap_folder.decode, only, FOLDERS),
    Reader("quoted folder", imap_folder.quoted, only, FOLDERS),
    Reader("folders", imap_folder.listed, lambda text: ([text.encode()],), FOLDERS),
    Reader("many folders", imap_folder.listed, lambda text: (text.encode().split(b","),), ('() "/" "a",',)),
    Reader("short message", fetch_quoted, data, QUOTED),
    Reader("checksum", raw_mail.checksum, data),
    Reader("head", raw_mail.head, data, MIME),
    Reader("read head", raw_mail.read_head, data, MIME),
    Reader("longest header", raw_mail.longest_header, data, MIME),
    Reader("slow headers", slow_header.is_slow, data, (*MIME, "content-type: ", "\nto:", "\n to:")),
    Reader("slow list", slow_header.is_slow, lambda text: data(f"To: {text}"), ADDRESSES),
    Reader("new Message-Id", raw_mail.with_message_id, data, MIME),
    Reader("damaged Message-Id", raw_mail.with_message_id, lambda text: data(f"Message-Id: {text}"), ADDRESSES),
    Reader("summary", raw_mail.summary, data, MIME),
    Reader("summary of a header", raw_mail.summary, lambda text: data(f"From: {text}\nDate: {text}"), ADDRESSES),
    Reader("test mail", mails.read, lambda text: (text.encode(), TOKEN), (*MIME, "odoo-probe-")),
    Reader("report about a test mail", mails.read, lambda text: (*data(REPORT + text), TOKEN), SAID),
    Reader("token of a probe", mails.token_in, data, ("odoo-probe-", "odoo-probe-0123456789ab", "o")),
    Reader("SPF", spf.parse, lambda text: (f"v=spf1 {text}",), SPF),
    Reader("SPF record", spf.read, lambda text: (zone(f"v=spf1 {text}"), "b.cn"), SPF),
    Reader("what is SPF", spf.is_spf, only, ("v=spf1",)),
    Reader("SPF to publish", spf.with_terms, lambda text: ([f"v=spf1 {text}"], ["a:b.cn"]), SPF),
    Reader("SPF term of a host", spf.host_term, only, ("1.", "1:")),
    Reader("tags", tags.parse, only, TAGS),
    Reader("DMARC", dmarc.parse, only, TAGS),
    Reader("DMARC record", dmarc.read, lambda text: (zone(f"v=DMARC1;{text}"), "b.cn"), TAGS),
    Reader("what is DMARC", dmarc.is_dmarc, only, (" ", "v=DMARC1")),
    Reader("DKIM", dkim.parse, only, (*TAGS, ("p=", "a", ""), ("p=", " ", ""))),
    Reader("DKIM record", dkim.read, lambda text: (zone(text), "s", "b.cn"), TAGS),
    Reader("DNS of a domain", findings.examine, lambda text: (zone(f"v=spf1 {text}"), QUESTION), (*SPF, *TAGS)),
    Reader("clean text", raw_mail.clean, only, ("\0", "\n", "\r")),
]

# Modules that read rows, numbers and names of the DNS, which are short; and those that the functions above read by.
WITHOUT_READER = {
    *(
        "delivery.client",
        "delivery.limits",
        "delivery.retry",
        "delivery.side_by_side",
        "delivery.transaction",
        "domain.mail_host",
    ),
    *(
        "health.checks",
        "health.flow",
        "mailbox.client",
        "mailbox.connection",
        "mailbox.imap",
        "outgoing.company",
        "outgoing.server",
        "probe.proposal",
    ),
    *("outgoing.header", "outgoing.wire", "server_words.reading", "server_words.rule"),
}


def text_of(worst, size):
    """Return a text of this size made of a pattern, or of three."""
    begin, repeated, end = ("", worst, "") if isinstance(worst, str) else worst
    times, rest = divmod(max(size - len(begin) - len(end), 0), len(repeated))
    return begin + repeated * times + repeated[:rest] + end


@lru_cache
def modules():
    """Return the modules of ``routing/`` but for its tests."""
    prefix = f"{ROUTING.__name__}."
    names = (module.name for module in pkgutil.walk_packages(ROUTING.__path__, prefix))
    return [importlib.import_module(name) for name in names if not name.startswith(f"{prefix}tests")]


def with_functions():
    """Return the names of the modules of ``routing/`` that have public functions."""
    return {
        module.__name__.removeprefix(f"{ROUTING.__name__}.")
        for module in modules()
        for name, function in vars(module).items()
        if name[0] != "_" and inspect.isroutine(inspect.unwrap(function)) and function.__module__ == module.__name__
    }


@lru_cache
def caches():
    """Return what remembers texts that were read before."""
    return [value for module in modules() for value in vars(module).values() if hasattr(value, "cache_clear")]
