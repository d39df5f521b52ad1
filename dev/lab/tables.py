"""Postfix' tables, as a service that it asks each time (socketmap_table(5)): a file's change it notices later."""

# The longest question that makes sense: a table's name and an address.
LONGEST = 1000


def converse(lookup, reader, writer) -> None:
    """Answer the questions of one connection; each is a netstring ``table key``.

    :param lookup: returns the value of a key in a table, None where there is none
    """
    while question := read_netstring(reader):
        table, _space, key = question.partition(" ")
        value = lookup(table, key)
        write_netstring(writer, "NOTFOUND " if value is None else f"OK {value}")


def read_netstring(reader) -> str:
    """Return the next one, "" at the end of the connection."""
    length = b""
    while (digit := reader.read(1)) not in (b":", b""):
        length += digit
    if not length:
        return ""
    text = reader.read(min(int(length), LONGEST))
    reader.read(1)
    return text.decode("utf-8", "replace")


def write_netstring(writer, text: str) -> None:
    """Write one."""
    data = text.encode()
    writer.write(b"%d:%s," % (len(data), data))
