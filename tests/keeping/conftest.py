from pathlib import Path

import pytest

from tests.keeping.diary_user import DiaryUser


@pytest.fixture
def user(tmp_path: Path) -> DiaryUser:
    return DiaryUser(tmp_path)
