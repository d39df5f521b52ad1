import time
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2
from psycopg2 import errorcodes

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models import fetchmail
from odoo.addons.mail.models.mail_thread import MailThread

from ...models.incoming.incoming_mail import incoming_of
from ...models.mailbox.fetchmail_server_fetch import FetchmailServer
from ...models.mailbox.fetchmail_server_process import FetchmailServer as Process
from ...routing.budget import Budget
from ..queries import counted_queries
from .common_fetch import FETCH_LOG, FetchCase, eml

BOTH = ("imap", "pop")


def failing(subjects, error, times=None):
    """Replace message_process by one that raises for some messages, a number of times each."""
    real, left = MailThread.message_process, {}

    def message_process(self, model, message, *args, **kwargs):
        for subject in subjects:
            if f"Subject: {subject}\r".encode() in message:
                left.setdefault(subject, times)
                if left[subject] != 0:
                    left[subject] = left[subject] and left[subject] - 1
                    # as far as it came, it must leave nothing behind
                    self.env["res.partner"].create({"name": f"half of {subject}"})
                    raise error
        return real(self, model, message, *args, **kwargs)

    return patch.object(MailThread, "message_process", message_process)


class DatabaseError(psycopg2.OperationalError):
    """An error as the database reports it; psycopg2's own code cannot be set."""

    pgcode = errorcodes.SERIALIZATION_FAILURE


@tagged("post_install", "-at_install")
class TestFetch(FetchCase):
    """Whatever happens while mails are fetched, none is lost and none comes twice."""

    def assert_fetched(self, server_type, count=0):
        """Check that so many messages are left: unread in IMAP, at all in POP."""
        left = self.box.unread() if server_type == "imap" else self.box.folders["INBOX"]
        self.assertEqual(len(left), count)

    def test_each_mail_becomes_a_record_and_leaves_the_mailbox(self):
        for server_type in BOTH:
            names = [f"{server_type} {number}" for number in range(3)]
            with self.subTest(server_type), self.mailbox(server_type=server_type) as box:
                for name in names:
                    box.add(eml(name))
                self.fetch()
                self.assertEqual(len(self.partners(*names)), 3)
                self.assert_fetched(server_type)
                self.assertTrue(self.server.last_success_date)
                self.assertTrue(self.server.date)
                self.assertFalse(self.server.last_error)
                self.assertFalse(self.server.processed_uids)
                self.assertFalse(self.unrouted())

    @mute_logger(FETCH_LOG)
    def test_other_workers_hear_what_a_mail_changed_even_if_the_next_one_fails(self):
        told = []

        def message_new(thread, msg_dict, custom_values=None):
            thread.clear_caches()
            return real(thread, msg_dict, custom_values)

        def signal_changes(registry):
            told.append(registry.cache_invalidated)
            registry.cache_invalidated = False

        real = MailThread.message_new
        with self.mailbox() as box, failing(["Second"], ValueError("bad")):
            box.add(eml("First"))
            box.add(eml("Second"))
            with (
                patch.object(MailThread, "message_new", message_new),
                patch.object(type(self.registry), "signal_changes", signal_changes),
            ):
                self.fetch()
        self.assertIn(True, told)

    def test_what_somebody_has_read_already_is_not_fetched(self):
        with self.mailbox() as box:
            box.add(eml())
            box.folders["INBOX"][0].flags.add("\\Seen")
            self.fetch()
            self.assertFalse(box.reads)

    @mute_logger(FETCH_LOG)
    def test_a_mail_that_fails_is_kept_whole_and_the_next_one_is_taken_in(self):
        for server_type in BOTH:
            bad, good = f"bad {server_type}", f"good {server_type}"
            with self.subTest(server_type), self.mailbox(server_type=server_type) as box:
                box.add(eml(bad))
                box.add(eml(good))
                with failing([bad], ValueError("no\0good")):
                    self.fetch()
                self.assertTrue(self.partners(good))
                self.assertFalse(self.partners(f"half of {bad}"))
                kept = self.unrouted(subject=bad)
                self.assertEqual((kept.state, kept.attempts), ("waiting", 1))
                self.assertIn("no\ufffdgood", kept.error)
                self.assertIn("Traceback", kept.sudo().trace)
                self.assertEqual(kept.fetchmail_server_id, self.server)
                self.assert_fetched(server_type)

    def test_every_kind_of_error_goes_to_the_unrouted_mails(self):
        errors = (RecursionError("deep"), MemoryError(), UserError("Say which"), psycopg2.DataError("bad text"))
        with self.mailbox() as box, mute_logger(FETCH_LOG):
            for number, error in enumerate(errors):
                box.add(eml(f"error {number}"))
                with failing([f"error {number}"], error):
                    self.fetch()
            self.assertEqual(len(self.unrouted(fetchmail_server_id=self.server.id)), len(errors))
            self.assertEqual(self.unrouted(subject="error 2").error, "Say which")
            self.assertFalse(box.unread())

    def test_a_mail_that_nothing_stands_for_names_the_remedy(self):
        with self.mailbox() as box, mute_logger(FETCH_LOG):
            box.add(eml("stray", to="nobody@test.com"))
            self.fetch()
            self.assertIn("Create an alias", self.unrouted(subject="stray").error)

    def test_a_transient_error_of_the_database_is_tried_again_by_itself(self):
        with self.mailbox() as box:
            box.add(eml("busy"))
            with failing(["busy"], DatabaseError("could not serialize access"), times=2):
                self.fetch()
            self.assertEqual(len(self.partners("busy")), 1)
            self.assertFalse(self.unrouted())
            self.assertFalse(self.server.last_error)

    @mute_logger(FETCH_LOG)
    def test_a_transient_error_that_stays_leaves_the_mail_for_the_next_run(self):
        with self.mailbox() as box, patch(f"{Process.__module__}.PAUSES", (0.01, 0.01)):
            box.add(eml("busy"))
            box.add(eml("next"))
            with failing(["busy"], DatabaseError("could not serialize access")):
                self.fetch()
            self.assertFalse(self.unrouted())
            self.assertEqual(len(box.unread()), 1)
            self.assertTrue(self.partners("next"))
            self.assertIn("could not serialize access", self.server.last_error)
            self.assertFalse(self.server.last_success_date)
            self.fetch()
            self.assertTrue(self.partners("busy"))
            self.assertFalse(self.server.last_error)

    @mute_logger(FETCH_LOG)
    def test_what_cannot_be_stored_stays_in_the_mailbox(self):
        for server_type in BOTH:
            with self.subTest(server_type), self.mailbox(server_type=server_type) as box:
                box.add(eml("stray", to="nobody@test.com"))
                box.add(eml(f"fine {server_type}"))
                with patch.object(type(self.env["mail.unrouted.message"]), "_keep", side_effect=OSError("disk full")):
                    self.fetch()
                self.assert_fetched(server_type, 1)
                self.assertTrue(self.partners(f"fine {server_type}"))
                self.assertIn("disk full", self.server.last_error)

    @mute_logger(FETCH_LOG)
    def test_a_lost_connection_repeats_nothing(self):
        """The server hangs up before the mail is flagged or deleted; it is in Odoo already."""
        for server_type, moment in (("imap", "UID STORE"), ("pop", "QUIT")):

            def trouble(_protocol, line, moment=moment):
                if moment in line and self.hangs_up:
                    raise ConnectionError

            self.hangs_up = True
            with self.subTest(server_type), self.mailbox(server_type=server_type, trouble=trouble) as box:
                uid = box.add(eml(f"once {server_type}"))
                self.fetch()
                self.assertTrue(self.server.processed_uids)
                self.assertTrue(self.server.last_error)
                self.assert_fetched(server_type, 1)
                self.hangs_up = False
                self.fetch()
                self.assertEqual(len(self.partners(f"once {server_type}")), 1)
                self.assertEqual(box.reads, {("INBOX", uid): 1})
                self.assert_fetched(server_type)
                self.assertFalse(self.server.processed_uids)

    @mute_logger(FETCH_LOG)
    def test_what_fails_after_the_commit_makes_no_unrouted_mail(self):
        """For example, a mail that is to be sent after the commit cannot be sent."""
        commit = sql_db.TestCursor.commit

        def commit_and_fail(cursor):
            commit(cursor)
            cursor.execute("SELECT 1 FROM res_partner WHERE name = 'stored'")
            if cursor.fetchone() and not self.has_failed:
                self.has_failed = True
                raise ValueError("hook")

        self.has_failed = False
        with self.mailbox() as box, patch.object(sql_db.TestCursor, "commit", commit_and_fail):
            box.add(eml("stored"))
            self.fetch()
            self.assertTrue(self.has_failed)
            self.assertEqual(len(self.partners("stored")), 1)
            self.assertFalse(self.unrouted())
            self.assertFalse(box.unread())

    @mute_logger(FETCH_LOG)
    def test_an_unrouted_mail_belongs_to_the_company_that_was_found(self):
        other = self.env["res.company"].create({"name": "B Trading"})

        def found(thread, *_args):
            incoming_of(thread.env).outcome["company_id"] = other.id
            raise ValueError("no place")

        with self.mailbox() as box, patch.object(MailThread, "message_route", found):
            box.add(eml("company"))
            self.fetch()
            self.assertEqual(self.unrouted(subject="company").company_id, other)

    def test_a_mail_without_an_id_comes_once_however_often_it_is_unread(self):
        with self.mailbox() as box:
            box.add(eml("anonymous", message_id=False))
            self.fetch()
            box.folders["INBOX"][0].flags.clear()
            self.fetch()
            self.assertEqual(len(self.partners("anonymous")), 1)
            self.assertFalse(box.unread())
            self.assertFalse(self.unrouted())

    def test_mails_with_damaged_ids_are_no_duplicates_of_each_other(self):
        """Of <order 1@a.example> and <order 2@a.example> Odoo reads <order, and dropped the second."""
        with self.mailbox() as box:
            for number in (1, 2):
                box.add(eml(f"damaged {number}", message_id=f"<order {number}@a.example>"))
            self.fetch()
            self.assertEqual(len(self.partners("damaged 1", "damaged 2")), 2)

    @mute_logger(FETCH_LOG)
    def test_one_broken_server_does_not_hold_up_the_others(self):
        with self.mailbox() as box:
            box.add(eml("after the broken one"))
            broken = self.server.copy({"port": 1, "state": "done", "name": "Broken"})
            refusing = self.server.copy({"password": "wrong", "state": "done"})
            self.fetch(broken + refusing + self.server)
            self.assertTrue(self.partners("after the broken one"))
            self.assertIn("refused", broken.last_error.lower())
            self.assertIn("LOGIN failed", refusing.last_error)
            self.assertTrue(broken.last_error_date)

    @mute_logger(FETCH_LOG)
    def test_a_server_that_says_nothing_is_given_up(self):
        def trouble(_protocol, line):
            if "LOGIN" in line:
                time.sleep(3)

        with self.mailbox(trouble=trouble), patch.object(fetchmail, "MAIL_TIMEOUT", 0.2):
            self.fetch()
            self.assertIn("timed out", self.server.last_error)

    def test_when_the_time_is_up_the_rest_comes_next_time(self):
        for server_type in BOTH:
            names = [f"slow {server_type} {number}" for number in range(4)]
            with self.subTest(server_type), self.mailbox(server_type=server_type) as box:
                for name in names:
                    box.add(eml(name))
                with self.slow(31):
                    self.fetch()
                self.assertEqual(len(self.partners(*names)), 2)
                self.fetch()
                self.assertEqual(len(self.partners(*names)), 4)
                self.assert_fetched(server_type)

    @contextmanager
    def slow(self, seconds):
        """Let each message take so many seconds of the time limit."""
        now = 0

        def message_process(thread, *args, **kwargs):
            nonlocal now
            now += seconds
            return process(thread, *args, **kwargs)

        process = MailThread.message_process
        with (
            patch.object(MailThread, "message_process", message_process),
            patch.object(FetchmailServer, "_budget", lambda server: Budget(server.fetch_time_limit, lambda: now)),
        ):
            yield

    def test_a_message_that_the_server_does_not_hand_out_holds_up_nothing(self):
        def trouble(_protocol, line):
            return "cannot retrieve" if "FETCH 1 " in line or line == "RETR 1" else None

        for server_type in BOTH:
            with self.subTest(server_type), self.mailbox(server_type=server_type, trouble=trouble) as box:
                box.add(eml("broken there"))
                box.add(eml(f"second {server_type}"))
                self.fetch()
                self.assertTrue(self.partners(f"second {server_type}"))
                self.assertIn("cannot retrieve", self.server.last_error)
                self.assert_fetched(server_type, 1)

    def test_a_message_with_a_very_long_line(self):
        """The library ends a POP session at a line of 64 kB, so all later mails would wait for ever."""
        for server_type in BOTH:
            with self.subTest(server_type), self.mailbox(server_type=server_type) as box:
                box.add(eml(f"long {server_type}", body="x" * 200_000 + "\r\n.\r\n..end"))
                self.fetch()
                partner = self.partners(f"long {server_type}")
                self.assertIn("..end", str(partner.message_ids.filtered(lambda m: m.message_type == "email").body))
                self.assert_fetched(server_type)

    @mute_logger(FETCH_LOG)
    def test_headers_that_take_minutes_to_read_hold_up_nothing(self):
        """The library's time for a header with addresses, or of a part, grows with the square of its length."""
        quotes = b'"' * 250_000
        part = (
            b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; name=%s\r\n\r\n--b--'
        )
        with self.mailbox() as box:
            box.add(eml("in a header").replace(b"To: ", b"To: " + quotes))
            box.add(eml("in a part").partition(b"Content-Type")[0] + part % quotes)
            box.add(
                eml("behind them", to=", ".join(["desk@test.com", *(f"z{n}@elsewhere.example" for n in range(500))]))
            )
            self.fetch()
            self.assertTrue(self.partners("behind them"))
            for subject in ("in a header", "in a part"):
                self.assertIn("too long", self.unrouted(subject=subject).error)

    def test_pop_without_uidl(self):
        with self.mailbox(server_type="pop", has_uidl=False) as box:
            for number in range(3):
                box.add(eml(f"plain {number}"))
            self.fetch()
            self.assertEqual(len(self.partners("plain 0", "plain 1", "plain 2")), 3)
            self.assertFalse(box.folders["INBOX"])

    def test_pop_deletes_in_portions(self):
        """A lost connection undoes all deletions of a session, so sessions are short."""
        with self.mailbox(server_type="pop") as box, patch(f"{FETCH_LOG}.PopMailbox.limit", 2):
            for number in range(5):
                box.add(eml(f"portion {number}"))
            self.fetch()
            self.assertFalse(box.folders["INBOX"])
            self.assertEqual(box.lines("pop").count("QUIT"), 3)

    def test_a_huge_mailbox_is_searched_in_portions(self):
        """The library refuses an IMAP answer of more than a million bytes."""
        window = "odoo.addons.mail_company_routing.routing.mailbox.imap.WINDOW"
        with self.mailbox() as box, patch(window, 2):
            for number in range(5):
                box.add(eml(f"many {number}"))
            self.fetch()
            self.assertFalse(box.unread())
            self.assertEqual(sum("SEARCH" in line for line in box.lines("imap")), 3)

    def test_what_is_processed_is_forgotten_with_the_mailbox(self):
        """The same number means another message in another folder."""
        with self.mailbox():
            self.server.processed_uids = '["INBOX/7/1"]'
            self.server.imap_folder = "Other"
            self.assertFalse(self.server.processed_uids)
            self.server.processed_uids = '["INBOX/7/1"]'
            self.server.name = "Renamed"
            self.assertTrue(self.server.processed_uids)

    def test_an_answer_to_our_own_automatic_answer_is_kept(self):
        with self.mailbox() as box:
            raw = eml("loop").replace(
                b"Subject", b"In-Reply-To: <1-loop-detection-bounce-email@test.com>\r\nReferences: <1@x>\r\nSubject"
            )
            box.add(raw)
            self.fetch()
            self.assertEqual(self.unrouted(subject="loop").state, "waiting")
            self.assertIn("machines", self.unrouted(subject="loop").error)

    def test_a_mail_that_got_an_automatic_answer_is_kept_as_answered(self):
        self.alias.alias_contact = "partners"
        with self.mailbox() as box, self.mock_mail_gateway():
            box.add(eml("unknown sender"))
            self.fetch()
            self.assertEqual(self.unrouted(subject="unknown sender").state, "answered")
            self.assertTrue(self._new_mails)

    def test_bounces_and_duplicates_are_not_kept(self):
        bounce = eml("bounce", sender="MAILER-DAEMON@elsewhere.example")
        with self.mailbox() as box, self.mock_mail_gateway():
            for raw in (bounce, eml("twice"), eml("twice", body="again")):
                box.add(raw)
            self.fetch()
            self.assertEqual(len(self.partners("twice")), 1)
            self.assertFalse(self.unrouted())
            self.assertFalse(box.unread())

    def test_other_types_of_server_are_cores(self):
        local = self.env["fetchmail.server"].create({"name": "Script", "server_type": "local", "state": "done"})
        with patch.object(fetchmail.FetchmailServer, "fetch_mail", autospec=True) as core:
            self.fetch(local)
        self.assertEqual([call.args[0].ids for call in core.call_args_list], [local.ids])

    def test_fetching_costs_two_queries_a_mail(self):
        """What is processed is stored, and the mailbox read again, as each commit empties the cache."""
        ours = self.queries(11, FetchmailServer.fetch_mail) - self.queries(1, FetchmailServer.fetch_mail)
        cores = self.queries(11, fetchmail.FetchmailServer.fetch_mail)
        cores -= self.queries(1, fetchmail.FetchmailServer.fetch_mail)
        self.assertLessEqual(ours - cores, 2 * 10)

    def queries(self, count, fetch_mail):
        """Fetch so many mails and return the number of queries."""
        names = [f"{fetch_mail.__module__} {count} {number}" for number in range(count)]
        with self.mailbox() as box:
            for name in names:
                box.add(eml(name, sender=f"{name.replace(' ', '-')}@elsewhere.example"))
            with self.process() as env, counted_queries(env) as queries:
                fetch_mail(self.server.with_env(env))
            self.server.unlink()
        self.assertEqual(len(self.partners(*names)), count)
        return queries.count
