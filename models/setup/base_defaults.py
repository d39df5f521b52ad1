from odoo import SUPERUSER_ID, api, models, tools

ADDON = "mail_company_routing"


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def default_get(self, fields_list):
        """Take the default of a field that the addon adds to a model of core from nobody who may not write the field.

        Anybody may send ``default_...`` in a context, or store a default for oneself (``ir.default``), and core takes
        both without a look at the field's groups, also where it goes on as superuser. Only the field's own is left.
        """
        guarded = self._guarded_fields(fields_list)
        if not guarded:
            return super().default_get(fields_list)
        values = super().default_get([name for name in fields_list if name not in guarded])
        for name in guarded:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(value, self)
        return values

    @api.model
    def _guarded_fields(self, names):
        """Return those of these fields that the addon adds and the user may not write."""
        added = self._added_fields() if self.env.uid != SUPERUSER_ID else ()
        return [name for name in names if name in added and not self._may_set(self._fields[name].base_field)]

    @api.model
    def _may_set(self, field):
        """Tell whether the user may write a field, whoever core goes on as; a readonly one is written by code alone."""
        if field.readonly or field.groups:
            # with groups, also where core writes the model as superuser for whoever is in them
            return not field.readonly and self.user_has_groups(field.groups)
        return self.env[field.model_name].with_user(self.env.user).check_access_rights("write", False)

    @api.model
    @tools.ormcache("self._name")
    def _added_fields(self):
        """Return the names of the stored fields that the addon adds to this model of core."""
        fields = {name: field.base_field for name, field in self._fields.items()}
        return frozenset(
            name
            for name, field in fields.items()
            if field.store
            and set(field._modules or ()) == {ADDON}
            and self.env.registry[field.model_name]._original_module != ADDON
        )
