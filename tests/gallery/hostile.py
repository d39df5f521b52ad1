"""What strangers, mail servers and the DNS may say, and what comes of it in the browser if it is taken for HTML."""

import json
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from ...dev.strict_server import wording

# Runs where it becomes an element; without a script, the picture is still there.
WORDS = "<img src=x onerror=window.hostile=1>"
# The fields by model that hold such words.
FIELDS = {
    "fetchmail.server": ("name", "last_error"),
    "ir.mail_server": ("name", "delivery_failure", "sender_refusal"),
    "mail.delivery.count": ("server_name", "last_answer"),
    "mail.mail": ("failure_reason", "delivery_answer", "route_from", "route_envelope_from", "route_reply_to"),
    "mail.message": ("subject", "record_name"),
    "mail.notification": ("failure_reason",),
    "mail.routing.leak": ("subject", "server_name", "header_from", "envelope_from", "reply_to", "email_to"),
    "mail.template": ("name", "subject"),
    "mail.unrouted.message": ("subject", "email_from", "email_to", "error"),
    "res.company": ("name",),
    "res.partner": ("name",),
}
# Where a zone says something, and a stranger what it likes.
RECORDS = {
    ("jadeharbor.example", "TXT"): [f'"v=spf1 include:{WORDS} -all"'],
    ("_dmarc.jadeharbor.example", "TXT"): [f'"v=DMARC1; p={WORDS}"'],
}
# Elements that only such words make, also where somebody took the script out, and whether one ran.
ELEMENTS = """
    (() => {
        const pages = [document, ...[...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument)];
        const found = pages.filter(Boolean).flatMap((page) => [...page.querySelectorAll("img[src='x'], [onerror]")]);
        const parts = [...document.querySelectorAll(".o_action_manager, .modal, .o_notification_manager")];
        const fields = parts.flatMap((part) => [...part.querySelectorAll("input, textarea")]);
        const texts = [...parts.map((part) => part.innerText), ...fields.map((field) => field.value)];
        const shown = texts.join(" ").includes("<img src=x");
        return {elements: found.map((element) => element.parentElement.outerHTML), ran: Boolean(window.hostile), shown};
    })()
"""


def say_everywhere(env):
    """Let all that is known of others say it, as far as it says anything."""
    for model, names in FIELDS.items():
        records = env[model].sudo().with_context(active_test=False, lang=None).search([])
        for name in names:
            for record in records.filtered(name):
                record[name] = f"{record[name]} {WORDS}"
    for mail in env["mail.mail"].sudo().search([("delivery_refused", "!=", False)]):
        mail.delivery_refused = json.dumps([[*row[:-1], WORDS] for row in json.loads(mail.delivery_refused)])


@contextmanager
def said_by_servers(names):
    """Let the strict mail server and the name server say it.

    :param DnsServer names: the name server
    """
    with ExitStack() as stack:
        for words in (wording.AT_MAIL, wording.AT_RCPT, wording.AT_DATA):
            stack.enter_context(patch.dict(words, {name: f"{text} {WORDS}" for name, text in words.items()}))
        stack.enter_context(patch.dict(names.records, RECORDS))
        yield
