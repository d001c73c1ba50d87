"""What the start says of stores that were named and can't be reached: one line, the cause, a right value, no password."""

import pytest

from solaris.local.errors import GivenStoreUnusable
from solaris.local.given_stores import check_postgres, check_redis


async def test_a_redis_that_is_not_there_is_told_in_one_line(free_port: int) -> None:
    with pytest.raises(GivenStoreUnusable) as refused:
        await check_redis(f"redis://:hidden-word@127.0.0.1:{free_port}")

    assert str(refused.value) == (
        f"REDIS_URL (127.0.0.1:{free_port}) can't be used: nothing listens there; "
        "a right value: REDIS_URL=redis://localhost:6379"
    )


async def test_a_postgresql_that_is_not_there_is_told_in_one_line(free_port: int) -> None:
    with pytest.raises(GivenStoreUnusable) as refused:
        await check_postgres(f"postgresql://solaris:hidden-word@127.0.0.1:{free_port}/ia_solaris")

    message = str(refused.value)
    assert message.startswith(f"DATABASE_URL (127.0.0.1:{free_port}/ia_solaris) can't be used: ")
    assert message.endswith("a right value: DATABASE_URL=postgresql://solaris:password@localhost:5432/ia_solaris")
    assert "hidden-word" not in message
    assert "\n" not in message
