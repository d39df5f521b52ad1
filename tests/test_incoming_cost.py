from contextlib import ExitStack, contextmanager

from odoo.tests import tagged

from ..models.mail_thread_bounce import MailThread as MailThreadBounce
from ..models.mail_thread_own import MailThread as MailThreadOwn
from ..models.mail_thread_reply import MailThread as MailThreadReply
from .incoming import IncomingCase

OVERRIDES = (
    (MailThreadBounce, ("message_route", "_routing_handle_bounce")),
    (MailThreadOwn, ("message_process", "message_route")),
    (MailThreadReply, ("message_route",)),
)


@contextmanager
def without_recognition():
    """Take in mails as if nothing looked for bounces, own mail and replies without a trace."""
    with ExitStack() as stack:
        for cls, names in OVERRIDES:
            for name in names:
                stack.callback(setattr, cls, name, vars(cls)[name])
                delattr(cls, name)
        yield


@tagged("post_install", "-at_install")
class TestIncomingCost(IncomingCase):
    """An ordinary mail costs the database nothing more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box_a.write({"object_id": cls.env["ir.model"]._get("res.partner").id, "reply_token": True})

    def queries(self, **headers):
        """Take in an answer of the customer from a cold cache; return the number of queries."""
        message = self.answer(self.last_mail(), **headers)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.take_in(message, self.box_a)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def compare(self, **headers):
        """Return how many queries more it takes than without."""
        with self.servers(a="open"):
            self.post(self.record_a)
            # what is remembered from mail to mail
            self.queries(**headers)
            with without_recognition():
                stock = self.queries(**headers)
            return self.queries(**headers) - stock

    def test_a_reply(self):
        self.assertEqual(self.compare(To="box@a.example"), 0)

    def test_a_reply_at_a_sub_address(self):
        """Whether the message of the token exists."""
        self.assertLessEqual(self.compare(), 1)

    def test_a_new_mail(self):
        headers = {"To": "box@a.example", "In-Reply-To": None, "References": None}
        self.assertEqual(self.compare(**headers), 0)
