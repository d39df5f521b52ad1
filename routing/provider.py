"""Which provider a mailbox or a mail server belongs to, by the names of hosts and domains."""

from typing import NamedTuple


class Preset(NamedTuple):
    """What tells one provider from the others.

    :param id: whatever the caller finds it again by
    :param domains: where everybody may have a mailbox, e.g. ``qq.com``
    :param mx: names of mail exchangers, or what they end with, e.g. ``aspmx.l.google.com``
    :param hosts: names of its outgoing servers; others in the same domain are its own, too
    """

    id: int
    domains: tuple = ()
    mx: tuple = ()
    hosts: tuple = ()


def names(text):
    """Return host names or domains as a person lists them, with spaces, commas or lines between them.

    >>> names("qq.com, Foxmail.com")
    ('qq.com', 'foxmail.com')
    """
    words = (text or "").replace(",", " ").replace(";", " ").split()
    return tuple(word.lower().strip(".@") for word in words)


def by_domain(presets, domain):
    """Return the id of the first preset that knows a mail domain, or None."""
    return next((preset.id for preset in presets if domain in preset.domains), None)


def by_mx(presets, exchangers):
    """Return the id of the first preset that names one of these mail exchangers, the preferred one first, or None."""
    endings = (ending for exchanger in exchangers for ending in _endings(exchanger))
    return _first(presets, endings, lambda preset: preset.mx)


def by_host(presets, host):
    """Return the id of the preset whose server this is, or None: its name, else the longest domain around it.

    >>> by_host([Preset(1, hosts=("smtp.qq.com",)), Preset(2, hosts=("smtp.exmail.qq.com",))], "hwsmtp.exmail.qq.com")
    2
    """
    own, *around = _endings(host)
    found = _first(presets, [own], lambda preset: preset.hosts)
    return found or _first(presets, [own, *around], lambda preset: map(_around, preset.hosts))


def _first(presets, wanted, known_by):
    """Return the id of the preset that knows the first name that one of them knows, or None."""
    ids = {name: preset.id for preset in reversed(presets) for name in known_by(preset)}
    return next((ids[name] for name in wanted if name in ids), None)


def _around(host):
    """Return the domain that a host is in."""
    return host.partition(".")[2]


def _endings(host):
    """Return a host's name and the domains around it, longest first; a name longer than RFC 1035 allows is cut."""
    labels = (host or "")[:255].lower().rstrip(".").split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]
