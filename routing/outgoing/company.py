"""Rung 1 of the ladder: the company on whose behalf a mail is sent."""

from dataclasses import dataclass

from ..reason import Reason


@dataclass(frozen=True)
class Person:
    """An internal user, with a default company, all companies, and the e-mail as it is stored."""

    user_id: int
    company_id: int
    email: str
    company_ids: tuple


@dataclass(frozen=True)
class Origin:
    """Who wrote a mail, for whom, and about what.

    ``owner_id`` is the company of the record; ``written_id`` the one that was active when the mail was written, where
    ``is_named`` tells that code chose it on purpose. ``writer`` is the internal user who wrote it, None if that was
    somebody else, or Odoo itself, which ``is_odoo`` tells; ``permitted_id`` is the company of a record that the writer
    could change. ``person`` is for whom Odoo writes, or the responsible of a mailing, if there is one. ``email`` is
    the address of the From header, and ``active_id`` the company that is active now, if nothing else names one.
    """

    active_id: int | None = None
    owner_id: int | None = None
    written_id: int | None = None
    is_named: bool = False
    permitted_id: int | None = None
    writer: Person | None = None
    is_odoo: bool = False
    is_mailing: bool = False
    person: Person | None = None
    email: str = ""


def choose_company(table, origin):
    """Return the id of a mail's company, and the reason; an internal user never sends as a company of others."""
    company_id, why = _wanted(table, origin)
    writer = origin.writer
    is_permitted = company_id == origin.permitted_id and why == Reason.COMPANY_OF_RECORD
    if not writer or company_id in writer.company_ids or is_permitted:
        return company_id, why
    own_id = origin.written_id if origin.written_id in writer.company_ids else writer.company_id
    return own_id, Reason.COMPANY_OF_WRITER


def _wanted(table, origin):
    """Return what :func:`choose_company` does, whoever wrote the mail.

    The records that a mailing is about are its recipients: their company says nothing.
    """
    if origin.is_mailing and origin.person:
        return company_of_person(table, origin.person, origin.email), Reason.COMPANY_OF_MAILING
    if origin.owner_id:
        return origin.owner_id, Reason.COMPANY_OF_RECORD
    if origin.is_odoo and origin.person and not origin.is_named:
        return company_of_person(table, origin.person, origin.email), Reason.COMPANY_OF_PERSON
    return origin.written_id or origin.active_id, Reason.COMPANY_WHEN_WRITTEN


def company_of_person(table, person, email):
    """Return the id of the company that a person writes for from an address: that of its domain, else the default."""
    domain = table.domain_of(email)
    return domain.company_id if domain and domain.company_id in person.company_ids else person.company_id
