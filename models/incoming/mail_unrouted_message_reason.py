import traceback

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ...routing.mailbox import raw_mail

# What is stored of a reason whose sentence is written anew for each reader.
ANSWERED, LOOP, NO_ROUTE, NOTHING, TROUBLE = "answered", "loop", "no_route", "nothing", "trouble"
# Characters of a traceback that are stored; that of a mail with a thousand nested parts repeats itself.
LONGEST_TRACE = 20_000
LONGEST_ERROR = 1000


class MailUnroutedMessage(models.Model):
    """Says in the reader's language why a mail has no place, and what to do."""

    _inherit = "mail.unrouted.message"

    error = fields.Text(
        string="Stored Reason", readonly=True, help="The reason, in the language of who set up the mailbox."
    )
    error_key = fields.Char(
        string="Kind of Reason", readonly=True, help="What happened, as stored, e.g. no_route or trouble=ValueError: 7."
    )
    trace = fields.Text(string="Technical Details", readonly=True, groups="base.group_no_one")
    reason = fields.Text(compute="_compute_reason", help="Why Odoo could not place it, and what you can do.")
    reason_line = fields.Char(string="Reason", compute="_compute_reason", help="The reason in one line, for a list.")

    @api.depends("error", "error_key")
    @api.depends_context("lang")
    def _compute_reason(self):
        """Write anew what was stored in the language of the mailbox; what core or another addon said stays as it is."""
        for row in self:
            row.reason = self._reason_text(row.error_key) or row.error
            row.reason_line = " ".join((row.reason or "").split())

    @api.model
    def _reason_values(self, outcome, error=None):
        """Return why a message has no place: a sentence, and the traceback if there is one."""
        if error is None:
            key, text, trace = self._outcome_key(outcome), self._trace_text(outcome), False
        else:
            trace = "".join(traceback.format_exception(error))[-LONGEST_TRACE:].replace("\0", "\ufffd")
            key, text = self._error_key(error), raw_mail.clean(str(error))
        return {"error": self._reason_text(key) or text, "error_key": key, "trace": trace}

    @api.model
    def _outcome_key(self, outcome):
        """Return why a message that did not fail was stored nowhere, empty where only the trace tells."""
        if outcome.get("kind") in (LOOP, ANSWERED):
            return outcome["kind"]
        return "" if self._trace_text(outcome) else NOTHING

    @api.model
    def _trace_text(self, outcome):
        """Return the reasons that were found on the way."""
        return "\n".join(reason for _rule, reason in outcome.get("trace", ()) if reason)

    @api.model
    def _error_key(self, error):
        """Return which error it was, empty where its own words help an administrator."""
        text = raw_mail.clean(str(error))
        # core's own words say neither which mailbox nor what to do
        if text.startswith("No possible route found"):
            return NO_ROUTE
        if isinstance(error, UserError):
            return ""
        return f"{TROUBLE}={type(error).__name__}: {text}"[:LONGEST_ERROR]

    @api.model
    def _reason_text(self, stored):
        """Return the sentence of a stored reason in the reader's language, empty where it has none."""
        key, _separator, detail = (stored or "").partition("=")
        if key == LOOP:
            return _(
                "Odoo took it for mail that machines send back and forth: an answer to an automatic answer, or one "
                "of very many mails from the same sender. Attach it to a document if a person wrote it."
            )
        if key == ANSWERED:
            return _("Its sender got an automatic answer, e.g. that this address accepts no mail from unknown senders.")
        if key == NO_ROUTE:
            return _(
                "Its addresses match no alias and no document. Create an alias for one of them, set Create a New "
                "Record on the incoming mail server, or choose a document for this mail only."
            )
        if key == NOTHING:
            return _("Odoo did nothing with it and gave no reason.")
        return _("Odoo could not process it: %s", detail) if key == TROUBLE else ""
