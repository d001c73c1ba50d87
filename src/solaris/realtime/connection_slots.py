"""Limits of open streams in one process, in total and per user."""

from collections import Counter
from uuid import UUID

from solaris.realtime.errors import StreamsExhausted, TooManyStreams

_RETRY_AFTER_SECONDS = 30
_MANY_MESSAGE = "Você já tem {max_streams} telas acompanhando o saldo ao vivo. Feche uma delas e tente de novo."
_EXHAUSTED_MESSAGE = "Há telas demais acompanhando o saldo ao vivo. Tente novamente em alguns segundos."


class ConnectionSlots:
    """Slots for streams; every `take` needs a `give_back`."""

    def __init__(self, *, max_streams: int, max_per_user: int) -> None:
        self._max_streams = max_streams
        self._max_per_user = max_per_user
        self._taken: Counter[UUID] = Counter()
        self._all = 0

    @property
    def taken(self) -> int:
        """The number of slots in use."""
        return self._all

    def take(self, user_id: UUID) -> None:
        """Take a slot.

        Raises:
            TooManyStreams: the user is at their limit.
            StreamsExhausted: the process is at its limit.
        """
        if self._taken[user_id] >= self._max_per_user:
            raise TooManyStreams(
                _MANY_MESSAGE.format(max_streams=self._max_per_user), retry_after_seconds=_RETRY_AFTER_SECONDS
            )
        if self._all >= self._max_streams:
            raise StreamsExhausted(_EXHAUSTED_MESSAGE)
        self._taken[user_id] += 1
        self._all += 1

    def give_back(self, user_id: UUID) -> None:
        """Give a slot back."""
        self._all -= 1
        self._taken[user_id] -= 1
        if self._taken[user_id] <= 0:
            del self._taken[user_id]
