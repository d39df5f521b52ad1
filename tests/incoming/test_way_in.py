import sys
from pathlib import Path

from odoo.tests import tagged

from ...models.incoming import mail_thread
from ..common_contacts import ContactsCase

ADDON = Path(__file__).parents[2]
# How many of our files one mail crosses on its way in today; wanted are 32.
FILES = 35


def crossed(flow):
    """Run a flow, and return the addon's files that it crossed."""
    found = set()

    def watch(frame, event, _argument):
        path = Path(frame.f_code.co_filename)
        if event == "call" and ADDON in path.parents:
            found.add(path.relative_to(ADDON))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        flow()
    finally:
        sys.setprofile(before)
    return {str(path) for path in found if path.parts[0] != "tests"}


@tagged("post_install", "-at_install")
class TestWayIn(ContactsCase):
    """A newcomer can follow one mail in."""

    def test_the_questions_in_their_order(self):
        expected = ("_route_forced", "_route_own", "_route_bounce", "_route_reply")
        self.assertEqual(mail_thread.QUESTIONS, expected)

    def test_one_mail_in_crosses_few_files(self):
        self.alias(mail_domain_id=self.domain_b.id)
        box = self.env["fetchmail.server"].create(
            {"name": "Box", "user": "box@b.example", "state": "done", "company_id": self.company_b.id}
        )
        raw = self.incoming("desk@b.example").as_bytes()
        self.env["mail.routing"]._routing_table()
        files = crossed(lambda: box._process_message(raw))
        self.assertIn("models/incoming/mail_thread.py", files)
        self.assertLessEqual(len(files), FILES, sorted(files))
