"""Alerts that could not be told on the answer that caused them, because its headers were gone: they wait for the next one."""

from uuid import UUID

_MAX_USERS = 10_000


class PendingAlerts:
    """The highest untold threshold per user, in this process. /api/tokens/current shows it in any case until acknowledged."""

    def __init__(self) -> None:
        self._untold: dict[UUID, int] = {}

    def put(self, user_id: UUID, percent: int) -> None:
        """This threshold is to be told with the user's next answer."""
        if len(self._untold) >= _MAX_USERS and user_id not in self._untold:
            self._untold.pop(next(iter(self._untold)))
        self._untold[user_id] = max(percent, self._untold.get(user_id, 0))

    def take(self, user_id: UUID) -> int | None:
        """What is to be told now, once."""
        return self._untold.pop(user_id, None)
