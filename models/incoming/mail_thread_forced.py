from odoo import api, models

from .arrival import arrival_of


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Route a mail to where a person said it belongs."""
        forced = arrival_of(self.env).forced
        if not forced:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        # the message that it answers may belong to another record
        message_dict.pop("parent_id", None)
        user = self._mail_find_user_for_gateway(message_dict["email_from"])
        route = (*forced, custom_values, user.id or self.env.uid, None)
        return [self._routing_check_route(message, message_dict, route, raise_exception=True)]

    @api.model
    def _detect_loop_headers(self, msg_dict):
        """Skip the check: a person decided about this mail."""
        return not arrival_of(self.env).forced and super()._detect_loop_headers(msg_dict)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Skip the check: a person picked this one mail."""
        return not arrival_of(self.env).forced and super()._detect_loop_sender(message, message_dict, routes)
