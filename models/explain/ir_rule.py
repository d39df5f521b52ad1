from odoo import api, models

# What core's scheduled actions have in their context; "lastcall" tells them from a person.
OF_SCHEDULED_ACTIONS = ("lang", "lastcall", "tz")


class IrRule(models.Model):
    """Tells the rule on mails whether it is to keep companies apart; with nothing set up, Odoo does not."""

    _inherit = "ir.rule"

    @api.model
    def _eval_context(self):
        """Offer a function, so that only the rule that asks for it costs anything."""
        return {**super()._eval_context(), "keeps_mails_apart": self.env["mail.routing"]._keeps_mails_apart}


class MailRouting(models.AbstractModel):
    _inherit = "mail.routing"

    @api.model
    def _keeps_mails_apart(self):
        """Tell whether the mails of one company are hidden from the administrators of another."""
        table = self._routing_table()
        return not table.is_idle and len(table.companies) > 1


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, ids=None):
        """Send the mails of all companies, whoever runs the queue: it may run as an administrator of one.

        What a caller chooses, by ids or by core's ``filters`` in the context, is searched for as that caller; and of
        a caller's context, superuser gets nothing but what a scheduled action has.

        :raises AccessError: for everybody who may not read and write mails, as in core
        """
        for operation in ("read", "write"):
            self.check_access_rights(operation)
        if self.env.su or not self.env["mail.routing"]._keeps_mails_apart():
            return super().process_email_queue(ids=ids)
        chosen = [*self.env.context.get("filters", ()), *([("id", "in", ids)] if ids else ())]
        ids = self.search(chosen).ids if chosen else None
        if chosen and not ids:
            return None
        kept = {key: self.env.context[key] for key in OF_SCHEDULED_ACTIONS if key in self.env.context}
        queue = self.sudo().with_context(kept)  # pylint: disable=context-overridden
        return super(MailMail, queue).process_email_queue(ids=ids)
