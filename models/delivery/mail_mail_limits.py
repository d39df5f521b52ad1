from collections import defaultdict

from odoo import fields, models

from ...routing.delivery.limits import DAY, HOUR, MINUTE, Limits, split

_COUNT = """
    SELECT count(*) FILTER (WHERE date > %s), count(*) FILTER (WHERE date > %s), count(*)
      FROM mail_delivery
     WHERE server_id IN %s
       AND date > %s
       AND state != 'refused'
"""


class MailMail(models.Model):
    """No server gets more mails than its provider takes: the rest waits, which is no failure."""

    _inherit = "mail.mail"

    def _within_limits(self, ids_by_server):
        """Return the mails by server that may leave now, and let the others wait.

        :param dict ids_by_server: lists of mail ids
        """
        groups = defaultdict(list)
        for server_id in ids_by_server:
            server = self.env["ir.mail_server"]._of_run(server_id)
            owner = server.limit_server_id or server
            if any(owner._limits()):
                groups[owner].append(server_id)
        waiting = set()
        for owner, server_ids in groups.items():
            waiting.update(self._over_limit(owner, [i for key in server_ids for i in ids_by_server[key]]))
        return {key: [i for i in ids if i not in waiting] for key, ids in ids_by_server.items()}

    def _over_limit(self, owner, mail_ids):
        """Return the ids of the mails for which there is no room, and let them wait.

        :param owner: the ``ir.mail_server`` that has the limits
        """
        now = fields.Datetime.now()
        room, pause = self._room(owner, now)
        is_mass = self._mass_ids(mail_ids)
        _leaving, waiting = split([(mail_id, mail_id in is_mass) for mail_id in mail_ids], room)
        if waiting:
            self.browse(waiting)._postpone(now + pause, owner, limit=True)
        return waiting

    def _room(self, owner, now):
        """Return how many mails may leave now, None for any number, and after how long to look again for the rest."""
        return owner._limits().room(self._sent_by(owner._sharing(), now))

    def _sent_by(self, servers, now):
        """Return how many mails these servers were handed in the last minute, hour and day."""
        self.env["mail.delivery"].flush_model()
        windows = [now - window for window, _pause in (MINUTE, HOUR, DAY)]
        self.env.cr.execute(_COUNT, [windows[0], windows[1], tuple(servers.ids), windows[2]])
        return Limits(*self.env.cr.fetchone())

    def _mass_ids(self, mail_ids):
        """Return the ids of those mails that belong to a mass mailing."""
        if "mailing_id" not in self._fields:
            return set()
        return set(self.browse(mail_ids).sudo().filtered("mailing_id").ids)
