"""Frozen classes with slots behave as the standard library's do, whatever of them is compiled when."""

import ast
import copy
import dataclasses
from dataclasses import FrozenInstanceError, field, fields, replace
from pathlib import Path

import pytest

from connectors.frozen import dataclass
from daemon import codec

ROOT = Path(__file__).parents[2]


def two_alike(decorate):
    """A class with a field of each sort, made by one decorator or the other."""

    @decorate(frozen=True, slots=True)
    class Place:
        name: str
        level: int = 1
        tags: tuple[str, ...] = ()
        notes: dict[str, str] = field(default_factory=dict)
        secret: str = field(default="", repr=False, compare=False)
        town: str = field(default="Leeds", kw_only=True)

    return Place


OURS, THEIRS = two_alike(dataclass), two_alike(dataclasses.dataclass)
VALUES = [
    (("a",), {}),
    (("a", 2, ("x",)), {"secret": "s", "town": "York"}),
    ((), {"name": "b", "notes": {"k": "v"}}),
]


@pytest.mark.parametrize(("values", "named"), VALUES)
def test_a_value_is_made_shown_and_taken_apart_like_the_standard_library_s(values, named):
    ours, theirs = OURS(*values, **named), THEIRS(*values, **named)
    assert repr(ours) == repr(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(replace(ours, level=7)) == repr(replace(theirs, level=7))
    assert codec.decode(codec.encode(ours), OURS) == ours


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a",), {"nonsense": 1}), (("a",), {"name": "b"}), (("a", 1, (), {}, "", "Leeds"), {})],
    ids=["too few", "unknown", "twice", "too many"],
)
def test_wrong_arguments_are_refused_in_the_same_words(values, named):
    with pytest.raises(TypeError) as ours:
        OURS(*values, **named)
    with pytest.raises(TypeError) as theirs:
        THEIRS(*values, **named)
    assert str(ours.value) == str(theirs.value)


def test_a_default_that_is_made_anew_is_nobody_else_s():
    assert OURS("a").notes is not OURS("a").notes


def test_values_are_equal_by_what_they_hold_and_only_to_their_own_class():
    assert OURS("a", secret="x") == OURS("a", secret="y") != OURS("b")
    assert OURS("a") != THEIRS("a")


def test_hashes_go_by_the_same_fields():
    @dataclass(frozen=True, slots=True)
    class One:
        name: str

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    assert {One("a"), One("a"), One("b")} == {One("a"), One("b")}
    assert Empty() == Empty()
    assert len({Empty(), Empty()}) == 1
    with pytest.raises(TypeError):
        hash(OURS("a"))  # holds a dict


def test_nothing_about_a_value_can_be_changed():
    value = OURS("a")
    for name in ("name", "other"):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "b")
        with pytest.raises(FrozenInstanceError):
            delattr(value, name)
    assert not hasattr(value, "__dict__")


def test_a_copy_is_equal():
    assert copy.deepcopy(OURS("a", notes={"k": "v"})) == OURS("a", notes={"k": "v"})


def test_what_a_class_defines_itself_stands():
    @dataclass(frozen=True, slots=True)
    class Quiet:
        name: str

        def __repr__(self):
            return "Quiet()"

    assert repr(Quiet("secret")) == "Quiet()"


def not_only_kept():
    class Doubled:
        length: int

        def __post_init__(self):
            raise AssertionError

    class Told:
        length: int
        width: int = field(default=0, init=False)

    class Apart:
        length: int
        width: int = field(default=0, hash=False)

    class Alike:  # noqa: PLW1641  # a frozen one has a hash all the same, by the standard library
        length: int

        def __eq__(self, other):
            return True

    return [Doubled, Told, Apart, Alike]


@pytest.mark.parametrize("cls", not_only_kept(), ids=lambda cls: cls.__name__)
def test_what_a_class_asks_for_and_would_not_get_is_refused(cls):
    """Left out without a word, it would be a check that never runs."""
    with pytest.raises(TypeError, match=r"dataclasses\.dataclass"):
        dataclass(frozen=True, slots=True)(cls)


def test_other_classes_are_the_standard_library_s():
    @dataclass(slots=True)
    class Counter:
        count: int = 0

    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
    assert [f.name for f in fields(Counter)] == ["count"]


def test_every_frozen_class_is_made_so():
    """One module that forgot costs each command milliseconds, which nobody would notice."""
    modules = [path for folder in ("connectors", "daemon") for path in (ROOT / folder).rglob("*.py")]
    assert modules
    assert [str(path) for path in modules if _makes_them_the_standard_way(path)] == []


def _makes_them_the_standard_way(path):
    tree = ast.parse(path.read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
        for alias in node.names
    }
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    decorators = [ast.unparse(decorator) for node in classes for decorator in node.decorator_list]
    return "dataclass" in imported and any("frozen=True" in decorator for decorator in decorators)
