from typing import NamedTuple

MODULE = "mail_company_routing"


class Screen(NamedTuple):
    """A screen of the gallery.

    :param str name: what its pictures are called
    :param tuple views: the views it shows; those that extend them are shown with them
    :param str action: what opens it
    :param str view: which of the action's views, where it is not the first
    :param str record: whose form it is, of the demo data
    :param str company: the company that is switched on first
    :param str login: who looks
    :param tuple before: what the stage does first, by the names of its methods
    :param tuple steps: what is done there, each step as (method of Visit, its arguments), after the first picture
    """

    name: str
    views: tuple = ()
    action: str = ""
    view: str = ""
    record: str = ""
    company: str = "company_jade"
    login: str = "admin"
    before: tuple = ()
    steps: tuple = ()


def full_name(xmlid):
    """Return the name of a record, which is ours unless it tells."""
    return xmlid if "." in xmlid else f"{MODULE}.{xmlid}"


def button(name):
    """Return the step that presses a button of a form or a dialog."""
    return ("click", f"button[name='{name}']")


def header_button(name):
    """Return the step that presses a button of a form's header, which a telephone keeps in a menu."""
    return ("press", f"[name='{name}']")


# The first button of a dialog.
FIRST = ("click", ".modal-footer button[data-hotkey='q']")
# The words of the menus of a list, and what it says with nothing to show.
MENUS = (("menus",), ("nothing",))
