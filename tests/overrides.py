"""What of ours stands before core, read from the classes, so that no list of it has to be kept."""

from contextlib import ExitStack, contextmanager
from functools import wraps
from unittest.mock import patch

from odoo.addons.base.models import ir_mail_server as core_mail_server

ADDON = "mail_company_routing"
PACKAGE = f"odoo.addons.{ADDON}."


def is_ours(cls):
    """Tell whether a class is defined by the addon; a registry's classes, made from all addons, are not."""
    return cls.__module__.startswith(PACKAGE)


def methods(cls):
    """Return the names of the methods and properties that a class itself defines."""
    kinds = (property, classmethod, staticmethod)
    return [name for name, value in vars(cls).items() if callable(value) or isinstance(value, kinds)]


def overrides(registry):
    """Return (class, method) of all that the addon overrides on core's models."""
    return sorted(set(_overrides(registry)), key=named)


def _overrides(registry):
    for model in registry.values():
        classes = model.mro() if model._original_module != ADDON else []
        for place, cls in enumerate(classes):
            if is_ours(cls):
                above = [other for other in classes[place + 1 :] if not is_ours(other)]
                yield from ((cls, name) for name in methods(cls) if any(name in vars(other) for other in above))


def wrappers(registry):
    """Return (class, method) of what the addon put around methods of modules that it does not depend on."""
    found = ((model, name, value) for model in registry.values() for name, value in vars(model).items())
    return [
        (model, name)
        for model, name, value in found
        if getattr(value, "__globals__", {}).get("__name__", "").startswith(PACKAGE)
    ]


def chains(registry):
    """Return the classes of ours that override a method, who is asked first stands first, for each of several."""
    found = {}
    for model in registry.values():
        classes = model.mro()
        for name in {name for cls in classes if is_ours(cls) for name in methods(cls)}:
            owners = [cls for cls in classes if name in vars(cls)]
            # the last one defines the method, unless core does
            chain = [cls for cls in owners[:-1] if is_ours(cls)]
            if len(chain) > 1:
                key = f"{chain[0]._name}.{name}"
                found[key] = max(found.get(key, ()), tuple(chain), key=len)
    return found


def place(cls):
    """Return the room and the file of a class: ``setup.res_company``."""
    return cls.__module__.removeprefix(PACKAGE).removeprefix("models.")


def room(cls):
    """Return the room of a class: ``setup``."""
    return place(cls).rpartition(".")[0]


def named(override):
    """Return an override as a person reads it."""
    cls, name = override
    return f"{cls._name}.{name} in {place(cls)}"


@contextmanager
def without_the_addon(registry):
    """Run core as if the addon were not installed: take its overrides out of its classes for a while."""
    connection = core_mail_server.SMTPConnection
    stock_connection = next(cls for cls in connection.mro() if not is_ours(cls))
    with ExitStack() as stack:
        for cls, name in (*overrides(registry), *wrappers(registry)):
            stack.callback(setattr, cls, name, vars(cls)[name])
            delattr(cls, name)
        stack.enter_context(patch.object(core_mail_server, "SMTPConnection", stock_connection))
        yield


@contextmanager
def fired(registry):
    """Yield a set that each override joins when it is called."""
    seen = set()
    with ExitStack() as stack:
        for cls, name in overrides(registry):
            original = vars(cls)[name]
            stack.callback(setattr, cls, name, original)
            setattr(cls, name, _noted(original, (cls, name), seen))
        yield seen


def _noted(original, override, seen):
    """Return a method that does the same, and joins the set before."""
    if isinstance(original, property):
        return property(_noted(original.fget, override, seen))
    if isinstance(original, classmethod | staticmethod):
        return type(original)(_noted(original.__func__, override, seen))

    @wraps(original)
    def noted(*args, **kwargs):
        seen.add(override)
        return original(*args, **kwargs)

    return noted
