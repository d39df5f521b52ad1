import base64
from inspect import Parameter, signature

from odoo.api import call_kw
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..overrides import ADDON, is_ours, methods
from .common_doors import DoorsCase

PORTAL, EMPLOYEE, ADMINISTRATOR = "portal", "employee", "administrator"
# Who is not refused when calling a method, and why that tells and changes nothing of B.
ALL = {PORTAL, EMPLOYEE, ADMINISTRATOR}
OWN_ROWS = "the rows that it looks for are the caller's to see"
NO_ROW = "creates a row, which is the caller's, and has no company yet"
NO_COMPANY = "core gives these rows no company: administrators have them all"
MAY_BE_CALLED = {
    "fetchmail.server.create": ({ADMINISTRATOR}, NO_ROW),
    "ir.config_parameter.create": ({ADMINISTRATOR}, NO_COMPANY),
    "ir.config_parameter.get_param": ({ADMINISTRATOR}, NO_COMPANY),
    "ir.config_parameter.unlink": ({ADMINISTRATOR}, NO_COMPANY),
    "ir.config_parameter.write": ({ADMINISTRATOR}, NO_COMPANY),
    "ir.mail_server.action_open_failed": (ALL, "names a list, and reads nothing of it"),
    "ir.mail_server.action_send_failed_again": ({ADMINISTRATOR}, OWN_ROWS),
    "ir.mail_server.connect": (ALL, "core's: a session, which RPC cannot give back"),
    "ir.mail_server.message_subscribe": (ALL, "does nothing"),
    "ir.mail_server.send_email": (ALL, "core's: takes an EmailMessage, which RPC cannot bring"),
    "mail.alias.create": ({ADMINISTRATOR}, NO_COMPANY),
    "mail.alias.unlink": ({ADMINISTRATOR}, NO_COMPANY),
    "mail.alias.write": ({ADMINISTRATOR}, NO_COMPANY),
    "mail.domain.check.action_check_all": ({ADMINISTRATOR}, OWN_ROWS),
    "mail.health.get_page": ({ADMINISTRATOR}, OWN_ROWS),
    "mail.mail.process_email_queue": ({ADMINISTRATOR}, "sends what is due, as the scheduled action does"),
    "mail.message.create": (ALL, "core's: a message about nothing"),
    "mail.notification.format_failure_reason": (
        {EMPLOYEE, ADMINISTRATOR},
        "core's: employees read all notifications; why a mail failed is told with its message",
    ),
    "mail.resend.message.action_open_setting": ({EMPLOYEE, ADMINISTRATOR}, "reads mails as the caller; here is none"),
    "mail.routing.domain.action_export_for_17": ({ADMINISTRATOR}, "asks for all companies itself, with a UserError"),
    "mail.routing.domain.create": ({ADMINISTRATOR}, NO_ROW),
    "mail.routing.setup.action_close": (ALL, "loads the page anew"),
    "mail.template.action_preview_mail": ({ADMINISTRATOR}, NO_COMPANY),
    "mail.template.create": ({EMPLOYEE, ADMINISTRATOR}, NO_COMPANY),
    "mail.template.write": ({EMPLOYEE, ADMINISTRATOR}, NO_COMPANY),
    "mail.template.default_get": (ALL, "core's: proposes the caller's own address"),
    "mail.template.generate_recipients": (
        {EMPLOYEE, ADMINISTRATOR},
        "core's: puts into its argument what is in its argument",
    ),
    "res.company.action_preview_mail": ({ADMINISTRATOR}, "opens a preview, which asks for the company when it looks"),
    "res.partner.default_get": (ALL, "core's: takes less than core"),
    "res.partner.message_new": ({EMPLOYEE}, "core's: creates as whoever calls it"),
    "res.partner.message_parse": (ALL, "core's: takes an EmailMessage, which RPC cannot bring"),
    "res.partner.message_process": (ALL, "core's: what may be written is asked of each record"),
    "res.partner.message_route": (ALL, "core's: takes an EmailMessage, which RPC cannot bring"),
    "res.users.action_preview_mail": ({ADMINISTRATOR}, "opens a preview, which asks for the company when it looks"),
}
LETTER = "From: x@elsewhere.example\nTo: nobody@b.example\nSubject: x\nMessage-Id: <doors@elsewhere.example>\n\nx"


@tagged("post_install", "-at_install")
class TestSurfaceDoors(DoorsCase):
    """Each public method of ours, called on a row of B as RPC does it, is refused, or a line says why it may be called.

    Nobody has to add a method here: the classes tell which there are.
    """

    def surface(self):
        """Return (model, method) of all that RPC can reach, each once for the classes that define it."""
        found = {}
        for name in sorted(self.env.registry):
            if self.env[name]._abstract and name != "mail.health":
                continue
            for cls in type(self.env[name]).__mro__:
                for method in methods(cls) if is_ours(cls) else ():
                    if not method.startswith("_") and method != "init" and callable(getattr(cls, method)):
                        key = cls.__module__, cls.__name__, method
                        if key not in found or name in ("mail.template", "res.partner") or self.is_of(cls, name):
                            found[key] = name
        return sorted({(name, method) for (_module, _class, method), name in found.items()})

    @staticmethod
    def is_of(cls, name):
        """Tell whether a class extends this model itself, not a mixin of it."""
        inherited = cls._inherit if isinstance(cls._inherit, (list, tuple)) else [cls._inherit]
        return cls._name == name or inherited[:1] == [name]

    def row(self, model):
        """Return a row of B, made by somebody of B."""
        makers = {
            "ir.mail_server": lambda: {"name": "B", "smtp_host": "localhost", "company_id": self.company_b.id},
            "fetchmail.server": lambda: {"name": "B", "server": "localhost", "company_id": self.company_b.id},
            "mail.mail": lambda: {"subject": "B", "record_company_id": self.company_b.id},
            "mail.message": lambda: {"model": "res.partner", "res_id": self.record_b.id, "body": "B"},
            "mail.alias": lambda: {
                "alias_model_id": self.env["ir.model"]._get("res.partner").id,
                "mail_domain_id": self.domain_b.id,
            },
            "mail.notification": lambda: {
                "mail_message_id": self.row(self.env["mail.message"]).id,
                "res_partner_id": self.record_b.id,
                "notification_type": "email",
            },
            "mail.resend.message": lambda: {"mail_message_id": self.row(self.env["mail.message"]).id},
            "mail.compose.message": lambda: {"model": "res.partner", "res_id": self.record_b.id, "body": "B"},
            "mail.template": lambda: {
                "name": "B",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "body_html": '<p t-out="object.name"/>',
            },
            "mail.unrouted.message": lambda: {
                "company_id": self.company_b.id,
                "eml": base64.b64encode(LETTER.encode()),
            },
        }
        known = {
            "res.partner": self.record_b,
            "res.company": self.company_b,
            "mail.routing.domain": self.domain_b,
        }
        if model._name in known or model._abstract:
            return known.get(model._name, model)
        if model._name in makers:
            values = makers[model._name]()
            # core's dialog asks for it
            return model.with_context(mail_message_to_resend=values.get("mail_message_id")).create(values)
        if model._original_module != ADDON:
            return model.search([], limit=1)
        needed = [
            (name, field)
            for name, field in model._fields.items()
            if field.required and field.store and not field.default and not field.related and not field.compute
        ]
        return model.create({name: self.value(field) for name, field in needed})

    def value(self, field):
        if field.type in ("many2one", "many2many"):
            rows = self.row(self.env[field.comodel_name])
            return rows.id if field.type == "many2one" else rows.ids
        return field.get_values(self.env)[0] if field.type == "selection" else "x"

    def arguments(self, method):
        """Return what a method needs, by the names of its parameters."""
        known = {
            "fields": [],
            "fields_list": [],
            "key": "mail.catchall.domain",
            "message": LETTER,
            "msg_dict": {"email_from": "x@elsewhere.example", "subject": "x", "to": "", "body": "x"},
            "message_dict": {"to": "", "recipients": "", "references": "", "in_reply_to": ""},
            "model": None,
            "res_id": self.record_b.id,
            "res_ids": [self.record_b.id],
            "results": {},
            "vals": {},
            "values": {},
            "vals_list": [{}],
            "values_list": [{}],
        }
        parameters = list(signature(method).parameters.values())[1:]
        return [
            known.get(parameter.name)
            for parameter in parameters
            if parameter.default is Parameter.empty and parameter.kind is Parameter.POSITIONAL_OR_KEYWORD
        ]

    def is_refused(self, user, model, name):
        """Tell whether a user is refused who calls a method on a row of B."""
        row = self.row(model)
        method = getattr(type(model), name)
        ids = [] if getattr(method, "_api", None) in ("model", "model_create") else [row.ids]
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.cr.savepoint(), mute_logger("odoo.addons", "odoo.sql_db"):
                call_kw(model.with_user(user), name, [*ids, *self.arguments(method)], {})
                self.env.flush_all()
        except AccessError:
            return True
        except Exception as error:  # pylint: disable=broad-except
            # anything else came after the door
            self.open_with[model._name, name] = repr(error)
        return False

    def test_each_method_is_refused_or_has_its_line(self):
        self.open_with, found = {}, {}
        surface = self.surface()
        self.assertGreater(len(surface), 60)
        users = {PORTAL: self.portal, EMPLOYEE: self.employee, ADMINISTRATOR: self.administrator}
        for model, method in surface:
            who = {name for name, user in users.items() if not self.is_refused(user, self.env[model], method)}
            if who:
                found[f"{model}.{method}"] = who
        allowed = {key: who for key, (who, _reason) in MAY_BE_CALLED.items()}
        self.assertEqual(found, allowed, self.open_with)
