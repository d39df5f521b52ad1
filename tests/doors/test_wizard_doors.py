from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...wizard.mail_typed_password import KEPT
from ..overrides import ADDON
from .common_doors import RpcCase

SECRET = "typed-7-secret"
ASSISTANT, TYPED = "mail.routing.setup", "mail.typed.password"


@tagged("post_install", "-at_install")
class TestWizardDoors(RpcCase):
    """What I fill in is mine: no other administrator reads or changes it. A password that I type nobody reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.somebody("other", "base.group_user,base.group_system")

    def wizards(self):
        """Return all transient models of ours."""
        models = (self.env[name] for name in self.env.registry)
        return [model for model in models if model._transient and model._original_module == ADDON]

    def filled_in(self, model):
        """Return a row that the administrator made, with what its required fields need."""
        fields_ = model._fields.items()
        needed = [(name, field) for name, field in fields_ if field.required and field.store and not field.default]
        values = {name: self.value(field) for name, field in needed if not field.related}
        return model.with_user(self.administrator).sudo().create(values)

    def value(self, field):
        if field.type == "many2one":
            comodel = self.env[field.comodel_name]
            return (comodel.search([], limit=1) or self.filled_in(comodel)).id
        if field.type == "many2many":
            return self.env[field.comodel_name].search([], limit=1).ids
        return field.get_values(self.env)[0] if field.type == "selection" else "x"

    def test_a_wizard_shows_its_row_to_whoever_made_it(self):
        self.create_server_rows()
        found = self.wizards()
        self.assertGreater(len(found), 6)
        for model in found:
            row = self.filled_in(model)
            rights = [
                model.with_user(self.other).check_access_rights(operation, False)
                for operation in ("read", "write", "create", "unlink")
            ]
            with self.subTest(model._name):
                for ask in (("read", ["id"]), ("write", {}), ("unlink",)):
                    with self.assertRaises(AccessError):
                        self.rpc(self.other, model._name, ask[0], row.ids, *ask[1:])
                if any(rights):
                    self.assertEqual(self.rpc(self.other, model._name, "search", []), [])
                    self.assertIn(row.id, self.rpc(self.administrator, model._name, "search", []))

    def create_server_rows(self):
        self.env["ir.mail_server"].create({"name": "Out", "smtp_host": "localhost"})
        self.env["mail.unrouted.message"].search([]).unlink()

    def typed(self):
        return self.rpc(self.administrator, ASSISTANT, "create", {"email": "box@a.example", "password": SECRET})

    def test_no_password_is_read_by_anybody(self):
        setup_id = self.typed()
        self.assertEqual(self.env[TYPED].search([]).password, SECRET)
        names = list(self.env[ASSISTANT]._fields)
        attempts = [
            (ASSISTANT, "read", [setup_id], names),
            (ASSISTANT, "search_read", [], names),
            (ASSISTANT, "export_data", [setup_id], ["email", "password"]),
            (ASSISTANT, "search", [("password", "=like", f"{SECRET[:3]}%")]),
            (ASSISTANT, "read_group", [], ["email"], ["password"]),
            (ASSISTANT, "copy_data", [setup_id]),
            (ASSISTANT, "onchange", [setup_id], {"email": "x@a.example"}, "email", dict.fromkeys(names, "1")),
            (TYPED, "search_read", [], ["password"]),
            (TYPED, "read", self.env[TYPED].search([]).ids, ["password"]),
            (TYPED, "search", [("password", "=like", f"{SECRET[:3]}%")]),
        ]
        for user in self.administrator + self.other + self.employee:
            for model, method, *args in attempts:
                with self.subTest(f"{user.login} {model} {method}"):
                    try:
                        said = self.rpc(user, model, method, *args)
                    except (AccessError, AssertionError) as refused:
                        said = refused
                    self.assertNotIn(SECRET, str(said))
                    if method == "search" and model == TYPED:
                        self.assertIsInstance(said, AccessError)

    def test_no_search_tells_the_password(self):
        """A search that finds or does not find a row would tell it letter by letter."""
        self.typed()

        def found(text):
            try:
                return self.rpc(self.administrator, ASSISTANT, "search", [("password", "=like", text)])
            except (AccessError, AssertionError):
                return "refused"

        self.assertEqual(found(f"{SECRET[:3]}%"), found("x%"))

    def test_it_is_gone_within_an_hour(self):
        cron = self.env.ref(f"{ADDON}.ir_cron_forget_passwords")
        self.assertTrue(cron.active)
        interval = timedelta(**{cron.interval_type: cron.interval_number})
        self.assertLessEqual(interval + KEPT, timedelta(hours=1))
        self.typed()
        row = self.env[TYPED].search([])
        cron.method_direct_trigger()
        self.assertTrue(row.exists())
        old = fields.Datetime.now() - KEPT - timedelta(seconds=1)
        self.env.cr.execute("UPDATE mail_typed_password SET create_date = %s", [old])
        self.env.invalidate_all()
        cron.method_direct_trigger()
        self.assertFalse(row.exists())

    def test_the_assistant_itself_stores_none(self):
        self.typed()
        self.env.cr.execute("SELECT to_jsonb(setup)::text FROM mail_routing_setup AS setup")
        self.assertNotIn(SECRET, str(self.env.cr.fetchall()))
