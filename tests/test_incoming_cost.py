from odoo.tests import tagged

from .incoming import IncomingCase
from .test_untouched import without_the_addon


@tagged("post_install", "-at_install")
class TestIncomingCost(IncomingCase):
    """Taking in a mail costs two queries more than stock Odoo at the most, with all that the addon does for it."""

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
            with without_the_addon():
                stock = self.queries(**headers)
            return self.queries(**headers) - stock

    def test_a_reply(self):
        self.assertLessEqual(self.compare(To="box@a.example"), 2)

    def test_a_reply_at_a_sub_address(self):
        """Whether the message of the token exists."""
        self.assertLessEqual(self.compare(), 2)

    def test_a_new_mail(self):
        headers = {"To": "box@a.example", "In-Reply-To": None, "References": None}
        self.assertLessEqual(self.compare(**headers), 2)
