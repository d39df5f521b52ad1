from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_fetch import FETCH_LOG, FetchCase, eml


@tagged("post_install", "-at_install")
class TestImapFolder(FetchCase):
    """My provider wants to know who I am, and my mails are in a folder of their own."""

    def test_netease_opens_the_folder_for_a_client_that_tells_its_name(self):
        with self.mailbox(wants_id=True) as box:
            box.add(eml("netease"))
            self.fetch()
            self.assertTrue(self.partners("netease"), self.server.last_error)
            said = [line.split(" ")[1] for line in box.lines("imap")]
            self.assertEqual(said.count("ID"), 1)
            self.assertLess(said.index("LOGIN"), said.index("ID"))
            self.assertLess(said.index("ID"), said.index("SELECT"))

    def test_others_hear_no_name(self):
        with self.mailbox() as box:
            self.fetch()
            self.assertFalse([line for line in box.lines("imap") if " ID " in line])

    def test_confirming_a_netease_server_passes(self):
        with self.mailbox(wants_id=True, values={"state": "draft"}):
            self.server.button_confirm_login()
            self.assertEqual(self.server.state, "done")

    def test_a_folder_with_a_chinese_name(self):
        with self.mailbox(folders=("INBOX", "&i6JTVQ- 2026"), values={"imap_folder": "订单 2026"}) as box:
            box.add(eml("in the inbox"))
            box.add(eml("in the folder"), "&i6JTVQ- 2026")
            self.fetch()
            self.assertTrue(self.partners("in the folder"), self.server.last_error)
            self.assertFalse(self.partners("in the inbox"))

    @mute_logger(FETCH_LOG)
    def test_a_missing_folder_is_named_with_those_that_are_there(self):
        with self.mailbox(folders=("INBOX", "&i6JTVQ-"), values={"imap_folder": "Orders"}):
            self.fetch()
            for words in ("Orders", "订单", self.server.name):
                self.assertIn(words, self.server.last_error)
            self.server.state = "draft"
            with self.assertRaisesRegex(UserError, "Orders"):
                self.server.button_confirm_login()
            self.assertEqual(self.server.state, "draft")

    @mute_logger(FETCH_LOG)
    def test_a_folder_that_is_refused_tells_why(self):
        with self.mailbox(trouble=lambda _protocol, line: "over quota" if "SELECT" in line else None):
            self.fetch()
            self.assertIn("over quota", self.server.last_error)
