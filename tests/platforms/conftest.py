"""The contracts are plain modules: let pytest explain their failed asserts too."""

import pytest

pytest.register_assert_rewrite("tests.platforms.contract", "tests.platforms.reporter_contract")
