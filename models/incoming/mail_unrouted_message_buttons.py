from odoo import _, models
from odoo.exceptions import UserError

from .mail_unrouted_message import DONE, IGNORED


class MailUnroutedMessage(models.Model):
    _inherit = "mail.unrouted.message"

    def action_retry(self):
        """Process each mail again, and say how many found a place."""
        waiting = self._open_rows()
        settled = [row for row in waiting if row._try()]
        if len(waiting) == 1 and settled:
            return waiting.action_open_record() if waiting._record() else waiting._message(_("The mail is settled."))
        return waiting._message(
            _(
                "%(settled)s of %(all)s mails have their place. The others show why not.",
                settled=len(settled),
                all=len(waiting),
            ),
            "success" if len(settled) == len(waiting) else "warning",
        )

    def action_attach(self):
        """Ask for the document that the mails belong to."""
        return self._open_rows()._wizard("attach", _("Attach to Record"))

    def action_create_record(self):
        """Ask which kind of document to create from the mails."""
        return self._open_rows()._wizard("create", _("Create Record"))

    def action_ignore(self):
        """Close the mails without doing anything with them."""
        self._open_rows()._settle(IGNORED)

    def action_open_record(self):
        """Open the document that the mail went to."""
        self.ensure_one()
        if not self._record():
            raise UserError(_("The document that the mail %s went to is gone, or you may not see it.", self.subject))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _open_rows(self):
        """Return the mails that are not done yet."""
        self.check_access_rights("write")
        self.check_access_rule("write")
        rows = self.filtered(lambda row: row.state != DONE)
        if not rows:
            raise UserError(_("These mails already have their place."))
        return rows

    def _wizard(self, task, title):
        """Return the action that opens the wizard for these mails."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "mail.unrouted.place",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_unrouted_ids": self.ids, "default_task": task},
        }

    def _message(self, text, kind="success"):
        """Return a notification that also reloads the view."""
        action = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"message": text, "type": kind, "next": action}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
