import json
from xmlrpc.client import Fault

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user

from odoo.addons.base.controllers.rpc import RPC_FAULT_CODE_ACCESS_ERROR

from ..outgoing.test_companies import CompaniesCase


class DoorsCase(CompaniesCase):
    """Somebody tries the doors of B: a customer in the portal, an employee of A, the administrator of A."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.somebody("portal", "base.group_portal")
        cls.employee = cls.somebody("employee", "base.group_user,base.group_partner_manager")
        cls.administrator = cls.somebody("administrator", "base.group_user,base.group_system")
        cls.strangers = cls.portal + cls.employee + cls.administrator

    @classmethod
    def somebody(cls, name, groups):
        """Create a user who belongs to A alone; the password is the login."""
        return new_test_user(
            cls.env,
            login=f"mcr_doors_{name}",
            groups=groups,
            company_id=cls.company_a.id,
            company_ids=[Command.set(cls.company_a.ids)],
            email=f"{name}@a.example",
        )


class RpcCase(DoorsCase, HttpCase):
    """Calls methods as a program elsewhere does, by XML-RPC or JSON-RPC."""

    protocol = "json"

    def rpc(self, user, model, method, *args, **kwargs):
        """Call a method as somebody, and return its answer.

        :raises AccessError: it is refused
        """
        self.env.flush_all()
        call = [self.cr.dbname, user.id, user.login, model, method, list(args), kwargs]
        try:
            return self._over_json(call) if self.protocol == "json" else self._over_xml(call)
        finally:
            self.env.invalidate_all()

    def _over_json(self, call):
        params = {"service": "object", "method": "execute_kw", "args": call}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        answer = self.url_open("/jsonrpc", data=body, headers={"Content-Type": "application/json"}).json()
        if "error" not in answer:
            return answer.get("result")
        error = answer["error"]["data"]
        if error["name"] == "odoo.exceptions.AccessError":
            raise AccessError(error["message"])
        raise AssertionError(error["debug"])

    def _over_xml(self, call):
        try:
            return self.xmlrpc_object.execute_kw(*call)
        except Fault as fault:
            if fault.faultCode == RPC_FAULT_CODE_ACCESS_ERROR:
                raise AccessError(fault.faultString) from fault
            if "cannot marshal None" in fault.faultString:
                return None
            raise AssertionError(fault.faultString) from fault
