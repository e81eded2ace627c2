"""`dataclass`, for frozen classes with slots that cost next to nothing to define.

The standard library's own writes and compiles six methods for each class while its module loads: up to a millisecond,
and every command of prepd would pay for fifty to a hundred classes before it says a word. Here `__init__` is compiled
when the first value is made, and the other methods need no compiling. The fields are the standard library's, so that
`replace`, `fields` and msgspec take these classes for what they are. All other classes are left to it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]


def _dataclass(*, frozen: bool = False, slots: bool = False, **more: Any) -> Callable[[type], type]:
    if not (frozen and slots):
        return dataclasses.dataclass(frozen=frozen, slots=slots, **more)

    def made(cls: type) -> type:
        return _with_methods(dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, **more)(cls))

    return made


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _with_methods(cls: type) -> type:
    """Those that the class itself does not define. :raises TypeError: it asks for what values of this kind have not."""
    if _asks_for_more(cls):
        raise TypeError(
            f"{cls.__qualname__} holds fields and nothing else here: make it by dataclasses.dataclass"
        )
    names = [f.name for f in fields(cls)]
    shown = [f.name for f in fields(cls) if f.repr]
    content = _getter([f.name for f in fields(cls) if f.compare])

    def init(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _compiled_init(cls)  # type: ignore[misc]
        cls.__init__(self, *values, **named)  # type: ignore[misc]

    def equal(self: Any, other: object) -> Any:
        return content(self) == content(other) if other.__class__ is self.__class__ else NotImplemented

    @recursive_repr()
    def told(self: Any) -> str:
        return f"{cls.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    methods = {
        "__init__": init,
        "__eq__": equal,
        "__hash__": lambda self: hash(content(self)),
        "__repr__": told,
        "__getstate__": state,
        "__setstate__": _set_state,
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
    }
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(cls, name, method)
    return cls


def _asks_for_more(cls: type) -> bool:
    """Left out without a word, it would be a check that never runs, or a value that can't be looked up."""
    return (
        hasattr(cls, "__post_init__")
        or cls.__dict__.get("__hash__", True) is None
        or any(not field.init or field.hash is not None for field in fields(cls))
    )


def _getter(names: list[str]) -> Callable[[Any], object]:
    """What equality and hash go by. Of several names, attrgetter makes a tuple without a line of Python."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _set_state(value: Any, state: list[Any]) -> None:
    """For copies."""
    for field, content in zip(fields(value), state, strict=True):
        object.__setattr__(value, field.name, content)


def _refuse_to_set(_: object, name: str, __: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _compiled_init(cls: type) -> Callable[..., None]:
    """Sets each slot by its descriptor, which a frozen class doesn't mind."""
    known: dict[str, Any] = {"MISSING": MISSING}
    places: list[str] = []
    keywords: list[str] = []
    lines: list[str] = []
    for field in fields(cls):
        name, value = field.name, field.name
        known[f"set_{name}"] = getattr(cls, name).__set__
        parameter = name
        if field.default_factory is not MISSING:
            known[f"make_{name}"] = field.default_factory
            parameter = f"{name}=MISSING"
            value = f"make_{name}() if {name} is MISSING else {name}"
        elif field.default is not MISSING:
            known[f"default_{name}"] = field.default
            parameter = f"{name}=default_{name}"
        (keywords if field.kw_only else places).append(parameter)
        lines.append(f" set_{name}(self, {value})")
    parameters = ", ".join(["self", *places, *(["*"] if keywords else []), *keywords])
    exec(f"def __init__({parameters}):\n" + "\n".join(lines or [" pass"]), known)  # noqa: S102  # fields' names alone
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init
