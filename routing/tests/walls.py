"""Who imports whom, and where a context key is spelled: read from the source, nothing is run."""

import ast
import re
from pathlib import Path

NAME = "mail_company_routing"
# A room uses those before it, and what lies beside the rooms.
ROOMS = {
    "routing": ("server_words", "outgoing", "delivery", "incoming", "mailbox", "probe", "domain", "health"),
    "models": ("words", "setup", "outgoing", "delivery", "incoming", "mailbox", "explain"),
}
# What no part of the addon may import, and what a folder may not import either.
NEVER = {"dev", "tests"}
FORBIDDEN = {"routing": {"odoo", "models", "wizard", "hooks"}, "models": {"wizard", "hooks"}}
KEYS = Path("models", "context.py")
# Attributes that we put on objects of others carry the same prefix, and are no context keys.
ATTRIBUTE_CALLS = ("getattr", "hasattr", "setattr", "delattr")


def files(root, pattern):
    """Return the addon's files as paths below `root`, without its tests and the developer's commands."""
    found = (path.relative_to(root) for path in sorted(root.rglob(pattern)))
    return [path for path in found if path.parts[0][0] != "." and not NEVER & set(path.parts)]


def tree(root, path):
    """Return the syntax of a file."""
    return ast.parse((root / path).read_text(encoding="utf-8"))


def imported(root, path):
    """Yield each thing that a file imports, anywhere in it, as the parts of its name; ours begin below the addon."""
    for node in ast.walk(tree(root, path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = path.parts[: len(path.parts) - node.level] if node.level else ()
            names = [".".join(filter(None, (*above, node.module, alias.name))) for alias in node.names]
        else:
            continue
        for name in names:
            yield name.removeprefix(f"odoo.addons.{NAME}.").split(".")


def is_allowed(path, used):
    """Tell whether a file may import something."""
    folder = path.parts[0]
    if used[0] in NEVER | FORBIDDEN.get(folder, set()):
        return False
    rooms = ROOMS.get(folder, ())
    # A folder's own __init__ loads its rooms.
    if used[0] != folder or len(used) < 2 or used[1] not in rooms or path == Path(folder, "__init__.py"):
        return True
    return path.parts[1] in rooms and rooms.index(used[1]) <= rooms.index(path.parts[1])


def trespasses(root):
    """Return the imports that break a rule."""
    return [
        f"{path} imports {'.'.join(used)}"
        for path in files(root, "*.py")
        for used in imported(root, path)
        if not is_allowed(path, used)
    ]


def words(root, path):
    """Yield the strings of a file, those in getattr and the like left out, and the names of keyword arguments."""
    nodes = list(ast.walk(tree(root, path)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    attributes = {
        argument for call in calls if getattr(call.func, "id", None) in ATTRIBUTE_CALLS for argument in call.args
    }
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in attributes:
            yield node.value


def spelled_keys(root):
    """Return the places that spell a context key of ours outside its one file."""
    python = [(path, word) for path in files(root, "*.py") if path != KEYS for word in words(root, path)]
    contexts = re.compile(r"""context=(?:"[^"]*"|'[^']*')""")
    views = [
        (path, word)
        for path in files(root, "*.xml")
        for context in contexts.findall((root / path).read_text(encoding="utf-8"))
        for word in re.findall(r"\w+", context)
    ]
    return [f"{path} spells {word}" for path, word in python + views if re.fullmatch(rf"{NAME}_\w*", word)]
