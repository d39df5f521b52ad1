from odoo.tests import TransactionCase, tagged

from .gallery.all_screens import SCREENS
from .gallery.screens import MODULE, full_name
from .gallery.visit import Visit

# What has no screen of its own: it is opened by another, opens nothing, or opens the same as another.
WITHOUT_SCREEN = {
    "action_restrict_username",
    "action_export_for_17",
    "ir_cron_forget_passwords_ir_actions_server",
    "mail_routing_setup_action_first",
}


@tagged("post_install", "-at_install")
class TestGalleryComplete(TransactionCase):
    """Whoever adds a screen adds it to the gallery, too: a screen that nobody looks at goes wrong unseen."""

    def ours(self, *models):
        """Return the records of the addon by their names."""
        found = self.env["ir.model.data"].search([("module", "=", MODULE), ("model", "in", models)])
        return {data.name: self.env[data.model].browse(data.res_id) for data in found}

    def root(self, view):
        """Return the view that a view extends, at the bottom of all."""
        while view.inherit_id and view.mode == "extension":
            view = view.inherit_id
        return view

    def test_every_view_is_in_the_gallery(self):
        shown = {self.env.ref(full_name(name)) for screen in SCREENS for name in screen.views}
        missing = [name for name, view in self.ours("ir.ui.view").items() if self.root(view) not in shown]
        self.assertFalse(missing, "Add them to a screen in tests/gallery/")

    def test_every_action_is_in_the_gallery(self):
        shown = {screen.action for screen in SCREENS}
        kinds = ("ir.actions.act_window", "ir.actions.client", "ir.actions.server")
        missing = self.ours(*kinds).keys() - shown - WITHOUT_SCREEN
        self.assertFalse(missing, "Add them to a screen in tests/gallery/")

    def test_no_screen_is_there_twice_or_takes_a_step_that_nobody_knows(self):
        names = [screen.name for screen in SCREENS]
        self.assertEqual(len(names), len(set(names)))
        self.assertFalse({step[0] for screen in SCREENS for step in screen.steps if not hasattr(Visit, step[0])})
