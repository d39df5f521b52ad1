import json
import logging
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from odoo import api, fields, models
from odoo.sql_db import db_connect

from ...routing.delivery.answer_class import AnswerClass

_logger = logging.getLogger(__name__)

SENT, WAITED, FAILED = "sent", "waited", "failed"
FETCHED, UNROUTED, NOT_FETCHED = "fetched", "unrouted", "not_fetched"
KEPT_FOR = timedelta(days=2 * 366)
# Characters of an answer that are kept; it is there to be recognised.
LONGEST_ANSWER = 500
# Where what is counted waits for the end of the transaction.
PENDING = "mail_company_routing.counts"
# Sorted, so that two workers cannot wait for each other. A server or company that is gone by now is no reason to fail.
_COUNT = """
    INSERT INTO mail_delivery_count AS counted (
                key, date, result, answer_class, mail_server_id, fetchmail_server_id, server_name, company_id, count,
                last_date, last_answer)
         SELECT entry.key, entry.date, entry.result, entry.answer_class, server.id, mailbox.id,
                coalesce(mailbox.name, server.name, entry.server_name), company.id, entry.count, entry.last_date,
                entry.last_answer
           FROM json_populate_recordset(NULL::mail_delivery_count, %s) AS entry
      LEFT JOIN ir_mail_server AS server ON server.id = entry.mail_server_id
      LEFT JOIN fetchmail_server AS mailbox ON mailbox.id = entry.fetchmail_server_id
      LEFT JOIN res_company AS company ON company.id = entry.company_id
       ORDER BY entry.key
    ON CONFLICT (key) DO UPDATE
            SET count = counted.count + EXCLUDED.count,
                last_date = greatest(counted.last_date, EXCLUDED.last_date),
                last_answer = coalesce(EXCLUDED.last_answer, counted.last_answer),
                server_name = coalesce(EXCLUDED.server_name, counted.server_name)
"""
# Another worker that counts the same in this moment is waited for, and not an error.
_ALONE = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"


class Subject(NamedTuple):
    """What is counted together; either server may be None: then it is the one in odoo.conf, or none at all."""

    result: str
    company_id: int | None = None
    mail_server_id: int | None = None
    fetchmail_server_id: int | None = None
    answer_class: str | None = None


class Tally:
    """Counts results, and keeps the last answer of each."""

    def __init__(self):
        self.counts = {}
        self.total = 0

    def add(self, subject, count=1, answer=None):
        """Count results of one subject.

        :param answer: what the server said, in its own words
        """
        before, _last = self.counts.get(subject, (0, None))
        self.counts[subject] = before + count, answer and str(answer)[:LONGEST_ANSWER]
        self.total += count

    def take(self):
        """Return what was counted as (subject, count, last answer), and begin anew."""
        taken = [(subject, *counted) for subject, counted in self.counts.items() if counted[0]]
        self.counts = {}
        return taken


class MailDeliveryCount(models.Model):
    """How many mails were sent, had to wait, failed or came in; a row for each hour, server, company and answer.

    Written in one statement for each batch, by a connection of its own after the mails' transaction: a count may be
    lost, but is never the reason why a mail leaves twice, or waits for another worker. Not written by the ORM.
    """

    _name = "mail.delivery.count"
    _description = "Mail Statistics"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "server_name"

    key = fields.Char(readonly=True, required=True, help="What is counted together; outlives the server.")
    date = fields.Datetime(readonly=True, required=True, index=True, help="The hour in which it happened.")
    result = fields.Selection(
        [
            (SENT, "Sent"),
            (WAITED, "Had to wait"),
            (FAILED, "Failed"),
            (FETCHED, "Received"),
            (UNROUTED, "Received, but unrouted"),
            (NOT_FETCHED, "Fetching failed"),
        ],
        readonly=True,
        required=True,
        help="- Sent: the mail server took the mail.\n"
        "- Had to wait: the mail server did not take it now; each attempt counts.\n"
        "- Failed: the mail did not leave, or not to all.\n"
        "- Received: an incoming mail found its place.\n"
        "- Received, but unrouted: nobody knows yet where it belongs.\n"
        "- Fetching failed: Odoo could not read the mailbox, or not all of it.",
    )
    answer_class = fields.Selection(
        [
            (AnswerClass.SENDER.value, "Sender refused"),
            (AnswerClass.RECIPIENT.value, "Recipient refused"),
            (AnswerClass.MAILBOX_FULL.value, "Mailbox full"),
            (AnswerClass.CONTENT.value, "Content refused"),
            (AnswerClass.TEMPORARY.value, "Not now"),
            (AnswerClass.RATE.value, "Too many mails"),
            (AnswerClass.ACCOUNT.value, "Account blocked"),
            (AnswerClass.LOGIN.value, "Login refused"),
            (AnswerClass.CONNECTION.value, "No connection"),
            (AnswerClass.PERMANENT.value, "Refused for good"),
        ],
        string="Answer",
        readonly=True,
        help="What kind of answer the outgoing mail server gave to mails that it did not take, e.g. Sender refused.",
    )
    mail_server_id = fields.Many2one(
        "ir.mail_server",
        string="Outgoing Mail Server",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The outgoing mail server, as long as it exists, e.g. Exmail b.com.",
    )
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Incoming Mail Server",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The incoming mail server, as long as it exists, e.g. Exmail b.com.",
    )
    server_name = fields.Char(
        "Mail Server", readonly=True, help="The name of the mail server, which stays when it is deleted."
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The company of the mails; empty for an incoming mail server of all companies.",
    )
    count = fields.Integer("Mails", readonly=True, help="How many mails, or attempts to send or to fetch.")
    last_date = fields.Datetime("Last On", readonly=True, help="When it last happened.")
    last_answer = fields.Char(readonly=True, help="What the mail server said last, in its own words.")

    _sql_constraints = [("key_unique", "UNIQUE(key)", "This is counted already.")]

    @api.model
    def _count_later(self, tally):
        """Count when the transaction is committed, all that it sends in one statement.

        :param Tally tally: is empty afterwards
        """
        entries = self._entries(tally)
        postcommit = self.env.cr.postcommit
        if entries and PENDING not in postcommit.data:
            postcommit.data[PENDING] = []
            postcommit.add(partial(_count_alone, self.env.cr.dbname, postcommit.data[PENDING]))
        postcommit.data.get(PENDING, []).extend(entries)

    @api.model
    def _count_now(self, tally):
        """Count in this transaction, for somebody who has locked what is counted."""
        _count(self.env.cr, self._entries(tally))

    @api.model
    def _count_pending(self):
        """Count in this transaction what waits for its end: for tests, which never come to an end."""
        _count(self.env.cr, self.env.cr.postcommit.data.pop(PENDING, []))

    @api.model
    def _entries(self, tally):
        """Return what was counted as rows of the table."""
        now = fields.Datetime.now()
        hour = now.replace(minute=0, second=0)
        return [
            {
                **subject._asdict(),
                "count": count,
                "date": str(hour),
                "key": " ".join(str(part or "-") for part in (f"{hour:%Y%m%d%H}", *subject)),
                "last_answer": answer and answer.replace("\0", "\ufffd"),
                "last_date": str(now),
                "server_name": None if subject.mail_server_id or subject.fetchmail_server_id else "odoo.conf",
            }
            for subject, count, answer in tally.take()
        ]

    @api.autovacuum
    def _gc_counts(self):
        """Forget what is older than two years."""
        self.env.cr.execute("DELETE FROM mail_delivery_count WHERE date < %s", [fields.Datetime.now() - KEPT_FOR])


def _count(cr, entries):
    """Add entries to the table; each key once, as one statement cannot change a row twice."""
    merged = {}
    for entry in entries:
        known = merged.setdefault(entry["key"], {**entry, "count": 0})
        known |= {**entry, "count": known["count"] + entry["count"]}
        known["last_answer"] = entry["last_answer"] or known["last_answer"]
    if merged:
        cr.execute(_COUNT, [json.dumps(list(merged.values()))])


def _count_alone(dbname, entries):
    """Count in a transaction of its own; where that fails, the counts are lost, and nothing else."""
    try:
        with db_connect(dbname).cursor() as cr:
            cr.execute(_ALONE)
            _count(cr, entries)
    except Exception:  # pylint: disable=broad-except
        _logger.info("%s results of mails are not counted", len(entries), exc_info=True)
