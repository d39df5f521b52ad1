from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from ..common import StrictMailCase


@tagged("post_install", "-at_install")
class TestSettings(StrictMailCase):
    """The options are ticked in General Settings, for the current company."""

    def test_ticking_the_boxes_sets_the_current_company(self):
        self._activate_multi_company()
        settings = Form(self.env["res.config.settings"].with_company(self.company_2))
        settings.mail_restrict_username = True
        settings.mail_catchall_supported = False
        settings.save().execute()
        self.assertTrue(self.company_2.mail_restrict_username)
        self.assertFalse(self.company_2.mail_catchall_supported)
        self.assertFalse(self.company.mail_restrict_username)
        self.assertTrue(self.company.mail_catchall_supported)

    def test_the_company_form_has_them_too(self):
        with Form(self.company) as form:
            form.mail_restrict_username = True
        self.assertTrue(self.company.mail_restrict_username)

    def test_only_an_administrator_sees_and_changes_them(self):
        """A user who only manages access rights may create a company, but not decide how mails leave."""
        self._activate_multi_company()
        self.user_erp_manager.groups_id += self.env.ref("base.group_partner_manager")
        company = self.env["res.company"].with_user(self.user_erp_manager).create({"name": "New"})
        for user in (self.user_erp_manager, self.user_employee_c2):
            with self.assertRaises(AccessError):
                company.with_user(user).mail_restrict_username = True
            with self.assertRaises(AccessError):
                self.company_2.with_user(user).read(["mail_restrict_username"])

    def test_a_new_company_has_a_catch_all_and_no_restriction(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertTrue(company.mail_catchall_supported)
        self.assertFalse(company.mail_restrict_username)


@tagged("post_install", "-at_install")
class TestSettingsInTheBrowser(HttpCase):
    """I open General Settings, tick Restrict Username under Discuss, and save."""

    # The page has no ids of ours once it is rendered: find the box by the name of its field.
    TICK_AND_SAVE = """
        const wait = async (what, find) => {
            for (let tries = 0; tries < 200; tries++) {
                const found = find();
                if (found) { return found; }
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
            throw new Error(`${what} did not appear`);
        };
        const box = () => document.querySelector("[name='mail_restrict_username'] input");
        (async () => {
            (await wait("the box", box)).click();
            await wait("the hint at unsaved changes", () => document.querySelector(".o_dirty_warning"));
            document.querySelector(".o_form_button_save").click();
            await wait("the saved tick", () => !document.querySelector(".o_dirty_warning") && box() && box().checked);
            console.log("test successful");
        })().catch((error) => console.error(error.message));
    """

    def test_the_box_is_ticked_and_saved(self):
        company = self.env.ref("base.user_admin").company_id
        company.mail_restrict_username = False
        action = self.env.ref("base_setup.action_general_configuration")
        self.browser_js(
            f"/web#action={action.id}&model=res.config.settings&view_type=form",
            self.TICK_AND_SAVE,
            ready="Boolean(document.querySelector('.o_setting_box'))",
            login="admin",
        )
        company.invalidate_recordset()
        self.assertTrue(company.mail_restrict_username)
