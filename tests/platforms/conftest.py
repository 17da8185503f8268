"""The contract is a plain module: let pytest explain its failed asserts too."""

import pytest

pytest.register_assert_rewrite("tests.platforms.contract")
