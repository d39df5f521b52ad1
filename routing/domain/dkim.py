"""DKIM keys (RFC 6376): with what a receiver checks the signature of a mail."""

import base64
import binascii

from ..dns import FAILED, NONE, TIMEOUT
from . import tags

FOUND, REVOKED, SYNTAX = "found", "revoked", "syntax"


def name(selector, domain):
    """Return the name under which a key is published."""
    return f"{selector}._domainkey.{domain}"


def parse(text):
    """Return FOUND, REVOKED or SYNTAX for a record."""
    found = tags.parse(text)
    key = "".join(found.get("p", "").split())
    if "p" not in found or found.get("v", "DKIM1") != "DKIM1":
        return SYNTAX
    if not key:
        return REVOKED
    try:
        base64.b64decode(key, validate=True)
    except binascii.Error:
        return SYNTAX
    return FOUND


def read(lookup, selector, domain):
    """Return FOUND, REVOKED, SYNTAX, NONE, TIMEOUT or FAILED for the key of a selector.

    :param lookup: see :meth:`..dns.Resolver.lookup`
    """
    answer = lookup(name(selector, domain), "TXT")
    if answer.problem in (TIMEOUT, FAILED):
        return answer.problem
    keys = [record for record in answer.records if "p" in tags.parse(record)]
    return parse(keys[0]) if keys else SYNTAX if answer.records else NONE
