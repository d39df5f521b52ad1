from odoo import api, models

from .arrival import arrival_of


class Preview:
    """Collects what would become of a mail: its place, its routes, and the answers to it."""

    def __init__(self):
        self.place, self.routes, self.answers = None, [], []


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Report the routes to the preview instead of processing them."""
        preview = arrival_of(self.env).preview
        if preview is None:
            return super()._message_route_process(message, message_dict, routes)
        preview.routes += routes or ()
        return False

    @api.model
    def _record_place(self, place):
        """Report the place to the preview as well."""
        preview = arrival_of(self.env).preview
        if preview is not None:
            preview.place = place
        return super()._record_place(place)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False):
        """Report the answers to the preview, and send nothing."""
        preview = arrival_of(self.env).preview
        if preview is None:
            return super().send(auto_commit=auto_commit, raise_exception=raise_exception)
        routes = self.env["mail.routing"]._decide(self)
        preview.answers += [(mail.email_from, mail.email_to, mail.subject, routes.get(mail.id)) for mail in self.sudo()]
        return True


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Send nothing during a preview, not even for callers without a ``mail.mail``."""
        preview = arrival_of(self.env).preview
        if preview is None:
            return super().send_email(message, *args, **kwargs)
        preview.answers.append((message["From"], message["To"], message["Subject"], None))
        return message["Message-Id"]
