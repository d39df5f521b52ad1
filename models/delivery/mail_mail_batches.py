from functools import partial

from odoo import models, tools

from ...routing.delivery.answer import of_exception
from ...routing.delivery.side_by_side import side_by_side
from .connection import open_connection
from .session import SMTP_ERRORS


class MailMail(models.Model):
    """Who is served when: healthy servers first, each as soon as it answers; none that rests, but for one mail."""

    _inherit = "mail.mail"

    def _batches(self, ids_by_server):
        """Yield the batches of each server that may be asked; the mails of the others wait.

        Core sends a batch before it asks for the next one, so that what happened to it is known here.
        """
        run = self._run()
        if run is None:
            yield from super()._batches(ids_by_server)
            return
        ids_by_server = self._within_limits(ids_by_server)
        for server_id in self._in_turn(run, {key: ids for key, ids in ids_by_server.items() if ids}):
            yield from self._batches_of(run, server_id, ids_by_server[server_id])

    def _in_turn(self, run, ids_by_server):
        """Yield the servers in the order in which they are served; those that are not let their mails wait."""
        servers = {key: self.env["ir.mail_server"]._of_run(key) for key in ids_by_server}
        asked = [key for key, server in servers.items() if server._may_be_asked()]
        for server_id in set(servers).difference(asked):
            self.browse(ids_by_server[server_id])._still_ours()._wait_untried(servers[server_id])
        probes = [key for key in asked if servers[key].delivery_state == "resting"]
        yield from self._as_they_answer(run, {k: servers[k] for k in asked if k not in probes}, ids_by_server)
        for server_id in probes:
            if run.is_patient():
                yield server_id
            else:
                self.browse(ids_by_server[server_id])._still_ours()._wait_untried(servers[server_id])

    def _as_they_answer(self, run, servers, ids_by_server):
        """Yield servers as soon as each is connected to, side by side, so that a silent one keeps nobody waiting."""
        arguments = {key: server._connection_arguments() for key, server in servers.items()}
        jobs = {key: partial(open_connection, *values) for key, values in arguments.items() if values}
        if len(jobs) < 2 or self.env["ir.mail_server"]._is_test_mode():
            jobs = {}
        for server_id, opened in side_by_side(jobs):
            error = opened.exception()
            if error is None:
                run.opened[server_id] = opened.result()
            if isinstance(error, SMTP_ERRORS) and not run.raise_exception:
                servers[server_id]._note_trouble(run, server_id, of_exception(error, "connect"))
                mails = self.browse(ids_by_server[server_id])._still_ours()
                mails._wait_for_session(run.troubles[server_id], servers[server_id])
            else:
                # what else went wrong, core says in its own words
                yield server_id
        yield from (key for key in servers if key not in jobs)

    def _batches_of(self, run, server_id, mail_ids):
        """Yield the batches of one server: one mail that tries whether it is well, then as many as a session takes."""
        server = self.env["ir.mail_server"]._of_run(server_id)
        sizes = [int(self.env["ir.config_parameter"].sudo().get_param("mail.session.batch.size", 1000))]
        if server.limit_per_session:
            sizes.append(server.limit_per_session)
        probe = 1 if server.delivery_state == "resting" else 0
        batches = [mail_ids[:probe]] if probe else []
        for batch_ids in [*batches, *tools.split_every(min(sizes), mail_ids[probe:], list)]:
            # core writes on them where it cannot connect
            mails = self.browse(batch_ids)._still_ours()
            if server_id in run.troubles:
                mails._wait_untried(server)
                continue
            if mails:
                yield server_id, mails.ids
            if server.limit_per_session:
                run.hang_up(server_id)
        run.hang_up(server_id)
        if server_id in run.delivered and server_id not in run.troubles:
            server._note_recovery()
