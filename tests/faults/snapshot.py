"""Puts an emulated provider back to where it was, so that a story can be taken up again at each of its steps.

What a provider knows is in a few objects, which refer to one another: these stay who they are, and get back what they
held.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import fields, is_dataclass

from sandbox import GoogleSandbox


def holders(provider):
    """The objects that hold what a provider knows."""
    shared = [provider._world, provider.mailbox, provider._calendar, provider._drive]
    if isinstance(provider, GoogleSandbox):
        return [*shared, provider._oauth, provider._calendar.lists]
    return [
        *shared,
        provider._entra,
        provider._entra.tokens,
        provider._calendar.deltas,
        provider._drive.drive,
    ]


class Snapshot:
    """A provider as it is now, its clock included."""

    def __init__(self, provider):
        self._provider = provider
        world = provider._world
        lasting = [*holders(provider), world.lock, world.clock, world.settings]
        places = {id(each): number for number, each in enumerate(lasting)}
        self._objects = lasting
        self._now = provider.clock.now()
        with world.lock:
            buffer = io.BytesIO()
            _Pickler(buffer, places).dump([_content(each) for each in holders(provider)])
        self._content = buffer.getvalue()

    def restore(self):
        provider = self._provider
        with provider._world.lock:
            unpickler = _Unpickler(io.BytesIO(self._content), self._objects)
            for holder, content in zip(holders(provider), unpickler.load(), strict=True):
                for name, value in content.items():
                    object.__setattr__(holder, name, value)
        provider.clock.set(self._now)
        provider.faults.clear()
        provider.requests.clear()


class _Pickler(pickle.Pickler):
    def __init__(self, buffer, lasting):
        super().__init__(buffer, pickle.HIGHEST_PROTOCOL)
        self._lasting = lasting

    def persistent_id(self, each):
        return self._lasting.get(id(each))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, objects):
        super().__init__(file)
        self._objects = objects

    def persistent_load(self, number):
        return self._objects[number]


def _content(holder):
    if is_dataclass(holder):
        return {each.name: getattr(holder, each.name) for each in fields(holder)} | getattr(
            holder, "__dict__", {}
        )
    return dict(vars(holder))
