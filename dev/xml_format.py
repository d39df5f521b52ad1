"""Lays out XML: indentation, one space before `/>`, attributes below each other in a long tag.

Only the space between tags changes. Text stays as it is, with the tags inside it.
`python -m dev.xml_format [--check] FILE...`
"""

import sys
from pathlib import Path
from xml.dom import minidom
from xml.sax.saxutils import escape

INDENT = "    "
WIDTH = 120
DECLARATION = '<?xml version="1.0" encoding="utf-8" ?>\n'


def main(arguments: list[str]) -> int:
    """Rewrite the files, or with --check name those that would change; 1 where there are any."""
    check = "--check" in arguments
    changed = 0
    for path in (Path(argument) for argument in arguments if argument != "--check"):
        text = path.read_text(encoding="utf-8")
        formatted = format_xml(text)
        if text == formatted:
            continue
        changed = 1
        print(f"{path}: {'layout differs, make format applies it' if check else 'formatted'}")
        if not check:
            path.write_text(formatted, encoding="utf-8")
    return changed if check else 0


def format_xml(text: str) -> str:
    """Return the document `text` in this layout."""
    document = minidom.parseString(text.encode())
    return DECLARATION + "\n".join(layout(document, depth=0)) + "\n"


def layout(parent: minidom.Node, depth: int) -> list[str]:
    """Return the lines of all children of `parent`; of several empty lines one stays."""
    lines = []
    for node in parent.childNodes:
        if node.nodeType == node.TEXT_NODE:
            apart = node.data.count("\n") > 1
            if apart and lines and node is not parent.lastChild:
                lines.append("")
        elif node.nodeType == node.ELEMENT_NODE:
            lines += element(node, depth)
        else:
            lines.append(INDENT * depth + node.toxml())
    return lines


def element(node: minidom.Element, depth: int) -> list[str]:
    """Return the lines of an element."""
    if not node.childNodes:
        return tag(node, depth, " />")
    if has_text(node):
        *opening, last = tag(node, depth, ">")
        inside = "".join(child.toxml() for child in node.childNodes)
        return [*opening, f"{last}{inside}</{node.tagName}>"]
    return [*tag(node, depth, ">"), *layout(node, depth + 1), f"{INDENT * depth}</{node.tagName}>"]


def has_text(node: minidom.Element) -> bool:
    """Tell whether there is more than space between the tags inside `node`."""
    kinds = (node.TEXT_NODE, node.CDATA_SECTION_NODE)
    return any(child.nodeType in kinds and child.data.strip() for child in node.childNodes)


def tag(node: minidom.Element, depth: int, end: str) -> list[str]:
    """Return the lines of an opening tag."""
    margin = INDENT * depth
    attributes = [f'{name}="{quoted(value)}"' for name, value in node.attributes.items()]
    line = margin + " ".join([f"<{node.tagName}", *attributes]) + end
    if len(line) <= WIDTH or not attributes:
        return [line]
    below = [f"{margin}{INDENT}{attribute}" for attribute in attributes]
    return [f"{margin}<{node.tagName}", *below, margin + end.strip()]


def quoted(value: str) -> str:
    """Return an attribute's value for double quotes; `>` needs no escape there."""
    return escape(value, {'"': "&quot;", "\n": "&#10;"}).replace("&gt;", ">")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
