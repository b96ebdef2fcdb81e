"""One lab for all tests that need a real worker."""

import pytest

from tests.tui.averaging import SCENARIO as AVERAGING
from tests.tui.screens.laboratory import Laboratory


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory):
    laboratory = Laboratory(tmp_path_factory.mktemp("lab"))
    yield laboratory
    laboratory.stop()


@pytest.fixture(scope="session")
def averaging(tmp_path_factory):
    """A lab with a scenario of a kind that trains no network."""
    laboratory = Laboratory(tmp_path_factory.mktemp("averaging"), AVERAGING)
    yield laboratory
    laboratory.stop()
