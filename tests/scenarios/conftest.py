"""A world for each scenario."""

from __future__ import annotations

import pytest

from tests.world import World


@pytest.fixture
def world(google, tmp_path) -> World:
    return World(google, tmp_path)
