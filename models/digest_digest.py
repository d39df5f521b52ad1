from functools import wraps

from odoo import models


class MailRouting(models.AbstractModel):
    """Sends each digest on behalf of the company that it tells about; the cron sends them all in the main company.

    The addon does not depend on ``digest``, so the method is wrapped where that module is installed.
    """

    _inherit = "mail.routing"

    def _register_hook(self):
        """Wrap ``digest.digest._action_send_to_user``, whose mails have neither a record nor a company."""
        super()._register_hook()
        digest = self.env.registry.get("digest.digest")
        if digest is not None and "_action_send_to_user" not in vars(digest):
            digest._action_send_to_user = _for_company_of_user(digest._action_send_to_user)

    def _unregister_hook(self):
        """Take the wrapper off again, as the registry asks before it is built anew."""
        digest = self.env.registry.get("digest.digest")
        if digest is not None and "_action_send_to_user" in vars(digest):
            del digest._action_send_to_user
        return super()._unregister_hook()


def _for_company_of_user(send):
    @wraps(send)
    def send_for_company(self, user, *args, **kwargs):
        return send(self.with_context(default_record_company_id=user.company_id.id), user, *args, **kwargs)

    return send_for_company
