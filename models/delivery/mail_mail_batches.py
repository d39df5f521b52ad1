from functools import partial

from odoo import models, tools

from ...routing.delivery.answer import of_exception
from ...routing.delivery.side_by_side import side_by_side
from .connection import open_connection
from .session import SMTP_ERRORS


class MailMail(models.Model):
    """Who is served when: healthy servers first, each as soon as it answers; none that rests, but for one mail."""

    _inherit = "mail.mail"

    def _batches(self, run, ids_by_server):
        """Yield (server id, mail ids) of each batch to servers that may be asked; the mails of the others wait.

        Core sends a batch before it asks for the next one, so that what happened to it is known here.
        """
        ids_by_server = {server_id: ids for server_id, ids in ids_by_server.items() if ids}
        for server_id in self._in_turn(run, ids_by_server):
            yield from self._batches_of(run, server_id, ids_by_server[server_id])

    def _in_turn(self, run, ids_by_server):
        """Yield the servers in the order in which they are served; those that are not let their mails wait."""
        servers = {key: self.env["ir.mail_server"]._server_record(key) for key in ids_by_server}
        asked = [key for key, server in servers.items() if server._may_be_asked()]
        for server_id in set(servers).difference(asked):
            self.browse(ids_by_server[server_id])._still_ours(run)._wait_untried(run, server_id)
        probes = [key for key in asked if servers[key].delivery_state == "resting"]
        yield from self._as_they_answer(run, {k: servers[k] for k in asked if k not in probes}, ids_by_server)
        for server_id in probes:
            if run.is_patient():
                yield server_id
            else:
                self.browse(ids_by_server[server_id])._still_ours(run)._wait_untried(run, server_id)

    def _as_they_answer(self, run, servers, ids_by_server):
        """Yield servers as soon as each is connected to, side by side, so that a silent one keeps nobody waiting."""
        arguments = {key: server._connection_arguments() for key, server in servers.items()}
        jobs = {key: partial(open_connection, *values) for key, values in arguments.items() if values}
        if len(jobs) < 2 or self.env["ir.mail_server"]._is_test_mode():
            jobs = {}
        for server_id, opened in side_by_side(jobs) if jobs else ():
            error = opened.exception()
            if error is None:
                run.opened[server_id] = opened.result()
            if isinstance(error, SMTP_ERRORS) and not run.raise_exception:
                servers[server_id]._set_in_trouble(run, server_id, of_exception(error, "connect"))
                mails = self.browse(ids_by_server[server_id])._still_ours(run)
                mails._wait_for_session(run, server_id)
            else:
                # what else went wrong, core says in its own words
                yield server_id
        yield from (key for key in servers if key not in jobs)

    def _batches_of(self, run, server_id, mail_ids):
        """Yield the batches of one server: one mail that tries whether it is well, then as many as a session takes."""
        server = self.env["ir.mail_server"]._server_record(server_id)
        for batch_ids in self._sized(server, mail_ids):
            # core writes on them where it cannot connect
            mails = self.browse(batch_ids)._still_ours(run)
            if server_id in run.troubles:
                mails._wait_untried(run, server_id)
                continue
            if mails and run.has_time:
                yield server_id, mails.ids
            if run.auto_commit:
                # a queue of many mails takes long
                self.env["mail.delivery.count"]._count_later(run.tally)
            if server.limit_per_session:
                run.hang_up(server_id)
        run.hang_up(server_id)
        if server_id in run.delivered and server_id not in run.troubles:
            server._set_well()

    def _sized(self, server, mail_ids):
        """Return mail ids in batches, as large as Odoo and the server allow; one that rests gets one mail first."""
        sizes = [int(self.env["ir.config_parameter"].sudo().get_param("mail.session.batch.size", 1000))]
        if server.limit_per_session:
            sizes.append(server.limit_per_session)
        probe = 1 if server.delivery_state == "resting" else 0
        batches = [mail_ids[:probe]] if probe else []
        return [*batches, *tools.split_every(min(sizes), mail_ids[probe:], list)]
