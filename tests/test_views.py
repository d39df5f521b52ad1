from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    """The screens of the addon are put together well."""

    def test_a_form_has_one_bar_of_buttons(self):
        own = self.env["ir.model.data"].search([("module", "=", "mail_company_routing"), ("model", "=", "ir.ui.view")])
        forms = self.env["ir.ui.view"].browse(own.mapped("res_id")).filtered(lambda view: view.type == "form")
        crowded = set()
        for model in set(forms.mapped("model")):
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            if len(arch.findall("header")) > 1:
                crowded.add(model)
        self.assertFalse(crowded)
