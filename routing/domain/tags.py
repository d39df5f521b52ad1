"""Lists of tags, as the records of DMARC and DKIM are (RFC 6376, section 3.2)."""

# Characters of a record that are read.
_LONGEST = 4096


def parse(text):
    """Return the tags of a record by their names in lower case; the first of two with one name counts.

    >>> parse("v=DMARC1; p=reject; aspf=s")
    {'v': 'DMARC1', 'p': 'reject', 'aspf': 's'}
    """
    tags = {}
    for part in text[:_LONGEST].split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags
