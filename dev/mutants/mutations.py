"""What can be changed in a module, by mutmut's operators."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

# Types say nothing at run time; what a decorator or an import is given breaks the module or is nothing to test.
LEFT_ALONE = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed.

    :param source: the whole module
    :param change: the line as it was, and as it is
    """

    path: Path
    line: int
    source: str
    change: tuple[str, str]


class _Mutations(cst.CSTVisitor):
    """Collects (node, what stands in its place) by line."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self):
        self.by_line: dict[int, list] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note what this node can become; tell whether to look into it."""
        if isinstance(node, LEFT_ALONE) or _is_docstring(node):
            return False
        changes = [new for kind, operator in mutation_operators if isinstance(node, kind) for new in operator(node)]
        if isinstance(node, cst.Expr) or (isinstance(node, cst.Return) and node.value):
            changes.append(cst.Pass())
        position = self.get_metadata(PositionProvider, node, None)
        if position and changes:
            self.by_line.setdefault(position.start.line, []).extend((node, new) for new in changes)
        return True


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


class Mutations:
    """All that can be changed in a module."""

    def __init__(self, path: Path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        wrapper = MetadataWrapper(cst.parse_module(self.text))
        visitor = _Mutations()
        wrapper.visit(visitor)
        self.module, self.by_line = wrapper.module, visitor.by_line

    def mutant(self, line: int, draw) -> Mutant | None:
        """Return a module with something changed on this line; None where nothing makes another program."""
        changes = list(self.by_line[line])
        draw.shuffle(changes)
        for node, new in changes:
            source = self.module.deep_replace(node, new).code
            if _is_another_program(self.text, source):
                return Mutant(self.path, line, source, next(_differences(self.text, source)))
        return None


def _is_another_program(old: str, new: str) -> bool:
    try:
        return ast.dump(ast.parse(old)) != ast.dump(ast.parse(new))
    except SyntaxError:
        return False


def _differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the first line that differs, as it was and as it is."""
    for was, now in zip(old.splitlines(), new.splitlines(), strict=False):
        if was != now:
            yield was.strip(), now.strip()
    yield "", ""
