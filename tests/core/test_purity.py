"""The core reads no clock, no file, no network: it is given what it decides on."""

import ast
from pathlib import Path

import pytest

import daemon.core

CORE = Path(daemon.core.__file__).parent
MODULES = sorted(CORE.rglob("*.py"))
ALLOWED = {
    "__future__",
    "base64",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "fnmatch",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "re",
    "statistics",
    "typing",
    "unicodedata",
}
VALUES = {"connectors.frozen", "connectors.kept", "connectors.values"}
CLOCKS = {"now", "utcnow", "today"}


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(CORE)))
def test_the_core_imports_values_and_itself_and_nothing_that_acts(path):
    for name in imports(ast.parse(path.read_text())):
        pure = name.split(".")[0] in ALLOWED
        assert pure or name.startswith("daemon.core.") or name in VALUES, name


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(CORE)))
def test_the_core_asks_no_clock_and_opens_nothing(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            asked = isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
            assert not (asked and node.attr in CLOCKS), f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "print", "input", "exec", "eval", "__import__"), (
                f"line {node.lineno}"
            )
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "astimezone"
        ):
            assert node.args, f"line {node.lineno}: the zone of this machine is none of its business"


def test_all_of_the_core_is_looked_at():
    folders = {path.parent.name for path in MODULES}
    assert {"ledger", "planning", "report"} <= folders
