from odoo.api import call_kw
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_doors import DoorsCase

# Fields of ours on models of core that somebody who administers nothing may write, and why. None is added in passing.
MAY_BE_WRITTEN = {}


@tagged("post_install", "-at_install")
class TestFieldDoors(DoorsCase):
    """Each stored field that we add to a model of core is refused or without effect when an ordinary user writes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].create({"name": "A", "smtp_host": "localhost", "company_id": cls.company_a.id})
        cls.env["fetchmail.server"].create({"name": "A", "server": "localhost", "company_id": cls.company_a.id})
        cls.env["mail.provider"].search([], limit=1) or cls.env["mail.provider"].create({"name": "P"})

    def added(self):
        """Return (model, field) of all that we add."""
        models = [self.env[name] for name in sorted(self.env.registry)]
        return [
            (model, model._fields[name])
            for model in models
            for name in sorted(model._added_fields())
            if not model._abstract and model._fields[name].store
        ]

    def row(self, user, model):
        """Return the row of a model that a user comes closest to: an own one, else one of A."""
        if model._name == "res.users":
            return user
        if model._name == "res.company":
            return self.company_a
        if model._name == "mail.message":
            post = {"body": "Mine", "author_id": user.partner_id.id, "email_from": user.email_formatted}
            return self.record_a.with_user(user).sudo().message_post(**post).with_env(self.env)
        if model._name == "mail.mail":
            return self.create_mail(author_id=user.partner_id.id)
        if model._name == "mail.alias":
            return model.create({"alias_model_id": self.env["ir.model"]._get("res.partner").id})
        return model.search([], limit=1) or model.create({})

    def value(self, row, field):
        """Return another value than the row has, one of B where that says something."""
        if field.type == "many2one":
            found = self.env[field.comodel_name].search([])
            preferred = found & {"res.company": self.company_b, "mail.routing.domain": self.domain_b}.get(
                field.comodel_name, found
            )
            return (preferred - row[field.name])[:1].id
        if field.type == "one2many":
            return [(0, 0, {"company_id": self.company_b.id, "email": "boss@b.example"})]
        if field.type == "boolean":
            return not row[field.name]
        if field.type == "selection":
            return next(value for value in field.get_values(self.env) if value != row[field.name])
        return {"integer": 77, "datetime": "2020-01-01 00:00:00"}.get(field.type, "evil@evil.example")

    def written(self, user, model, field):
        """Tell whether a user changes a field by writing it, or by creating a record with it."""
        return any(attempt(user, model, field) for attempt in (self._by_write, self._by_create))

    def _by_write(self, user, model, field):
        row = self.row(user, model)
        before, value = row[field.name], self.value(row, field)
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.cr.savepoint():
                call_kw(model.with_user(user), "write", [row.ids, {field.name: value}], {})
                self.env.flush_all()
        except AccessError:
            return False
        self.env.invalidate_all()
        return row[field.name] != before

    def _by_create(self, user, model, field):
        values = {"mail.message": {"model": "res.partner", "res_id": self.record_a.id, "body": "Mine"}}
        values = values.get(model._name, {})
        value = self.value(model.browse(), field)
        self.env.flush_all()
        try:
            with self.cr.savepoint():
                plain = call_kw(model.with_user(user), "create", [dict(values)], {})
                row_id = call_kw(model.with_user(user), "create", [{**values, field.name: value}], {})
                self.env.flush_all()
        except AccessError:
            return False
        self.env.invalidate_all()
        return model.browse(row_id)[field.name] != model.browse(plain)[field.name]

    def test_nobody_writes_them_who_administers_nothing(self):
        found = self.added()
        self.assertGreater(len(found), 40)
        open_ = set()
        for model, field in found:
            for user in self.portal + self.employee:
                with self.subTest(f"{model._name}.{field.name} {user.login}"):
                    if self.written(user, model, field):
                        open_.add(f"{model._name}.{field.name}")
        self.assertLessEqual(open_, set(MAY_BE_WRITTEN))
        self.assertLessEqual(set(MAY_BE_WRITTEN), open_, "a line that nothing needs")
