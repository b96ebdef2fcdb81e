"""One lab for all tests that need a real worker."""

import pytest

from tests.tui.screens.laboratory import Laboratory


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory):
    laboratory = Laboratory(tmp_path_factory.mktemp("lab"))
    yield laboratory
    laboratory.stop()
