"""Requests that fail: nothing is lost, nothing is made twice, and the cycle ends in order."""

from __future__ import annotations

import pytest

from tests.world import at


@pytest.mark.parametrize("path", ["*/events/*", "*/drive/v3/files/*", "*/drive/v3/files", "*/documents/*"])
@pytest.mark.parametrize("status", [403, 404, 409, 410, 412])
def test_a_cycle_ends_in_order_whatever_a_request_is_refused_with(world, path, status):
    world.dana.schedule("1:1 Alex / Dana", at(3), guests=[world.alex], weekly=True)
    world.google.faults.status(status, path=path)
    world.cycle()
    world.google.faults.clear()
    world.wait(minutes=1)
    assert world.slot_times() == ["03.11. 09:50-10:00", "10.11. 09:50-10:00"]
    assert world.headings() == ["Tue 3 Nov 2026, 10:00"]
