from odoo import api, models


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
        """Send the mails of all companies, whoever runs the queue: it may run as an administrator of one."""
        queue = self.sudo() if self.env["mail.routing"]._keeps_mails_apart() else self
        return super(MailMail, queue).process_email_queue(ids=ids)
