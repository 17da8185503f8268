"""What the project says: its documents, and the words in its code."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def spoken(source: str) -> Iterator[str]:
    """Every string literal of a module, docstrings included; what an f-string fills in stands as X."""
    parts = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(each) for each in node.values}
            yield "".join(each.value if isinstance(each, ast.Constant) else "X" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


SPOKEN = {
    str(path.relative_to(ROOT)): "\n".join(spoken(path.read_text("utf-8")))
    for package in ("syndicator", "platforms", "ledger")
    for path in (ROOT / package).rglob("*.py")
}
