from functools import wraps

from odoo import models


class MailRouting(models.AbstractModel):
    """Wraps methods of modules on which the addon does not depend, if they are installed.

    An override of ``base`` would reach these models as well, but would run for every other model, too.
    """

    _inherit = "mail.routing"

    def _register_hook(self):
        """Wrap the methods; the registry asks for it when it is complete."""
        super()._register_hook()
        for model, name, wrap in WRAPPED:
            cls = self.env.registry.get(model)
            if hasattr(cls, name) and not _is_ours(cls, name):
                wrapper = wrap(getattr(cls, name))
                # what it takes the place of, which most often is the attribute of a base class
                wrapper.mail_company_routing_before = vars(cls).get(name)
                wrapper.mail_company_routing_itself = wrapper
                setattr(cls, name, wrapper)

    def _unregister_hook(self):
        """Remove the wrappers; the registry asks for it before it is built anew.

        What another addon has put there before comes back, and what it has put above ours stays.
        """
        for model, name, _wrap in WRAPPED:
            cls = self.env.registry.get(model)
            if _is_ours(cls, name):
                before = vars(cls)[name].mail_company_routing_before
                if before is None:
                    delattr(cls, name)
                else:
                    setattr(cls, name, before)
        return super()._unregister_hook()


def _is_ours(cls, name):
    """Tell whether this method of a registry's class is a wrapper of ours.

    Other addons put theirs there, too; one that is made by ``wraps`` has all attributes of what it wraps.
    """
    method = vars(cls).get(name) if cls else None
    return method is not None and getattr(method, "mail_company_routing_itself", None) is method


def _for_company_of_user(send):
    """Send each digest on behalf of its user's company: it has no record, and the cron runs in the main company."""

    @wraps(send)
    def send_for_company(self, user, *args, **kwargs):
        return send(self.with_context(default_record_company_id=user.company_id.id), user, *args, **kwargs)

    return send_for_company


def _for_company_at(path):
    """Return a wrapper of a compute method that shows an alias domain: that of the company at the end of a path."""

    def wrap(compute):
        @wraps(compute)
        def compute_for_company(self):
            for records in self._split_by_alias_domain(path):
                compute(records)

        return compute_for_company

    return wrap


# Fields related to mail.alias (sales teams, job positions, projects) need no wrapper.
WRAPPED = (
    ("account.journal", "_compute_alias_domain", _for_company_at("company_id")),
    ("digest.digest", "_action_send_to_user", _for_company_of_user),
    ("hr.recruitment.source", "_compute_has_domain", _for_company_at("job_id.company_id")),
)
