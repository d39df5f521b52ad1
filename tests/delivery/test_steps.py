from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from ...models.delivery import mail_mail_outcome, mail_mail_send

# What happens to a mail on its way out, in the order in which it happens.
STEPS = {
    (mail_mail_send, "BEFORE_RUN_IN_JOB"): ("_keep_to_job", "_within_limits"),
    (mail_mail_send, "BEFORE_RUN"): ("_within_limits",),
    (mail_mail_send, "BEFORE_MAIL"): ("_has_time", "_is_claimed", "_is_server_well", "_knows_who_has_it"),
    (mail_mail_outcome, "AFTER_MAIL"): ("_check_for_leaks", "_note_who_has_it", "_note_answers"),
    (mail_mail_send, "AFTER_RUN"): ("_store_routes", "_count_run", "_tell_waiting", "_call_queue"),
}


@tagged("post_install", "-at_install")
class TestSteps(TransactionCase):
    """I read the order of a mail in a few tuples."""

    def test_the_order_of_the_steps(self):
        """Two of them depend on it: nothing is sent that another run has, and a mail is looked at before it is gone."""
        self.assertEqual({(module, name): getattr(module, name) for module, name in STEPS}, STEPS)

    def test_each_step_is_a_method(self):
        for steps in STEPS.values():
            for step in steps:
                self.assertTrue(callable(getattr(self.env["mail.mail"], step)), step)
