"""Request durations counted in fixed bands; counts, unlike percentiles, can be summed.

A band is 12 % wide, so the error of a percentile interpolated in its band is at most 12 %.
"""

from collections.abc import Sequence

_PER_DECADE = 20
_DECADES = 5
# Lower bounds of all bands but the first, which starts at 0: 10 ms to 1,000 s. They are part of the
# stored rollups: a change requires a rebuild of those.
BAND_BOUNDS_MS = tuple(round(10 * 10 ** (step / _PER_DECADE)) for step in range(_PER_DECADE * _DECADES + 1))
BANDS = len(BAND_BOUNDS_MS) + 1


def percentile_ms(counts: Sequence[int], percent: int) -> int | None:
    """Return the estimated percentile in ms of `BANDS` counts per band; None without requests.

    In the last band, which has no upper bound, it is the lower bound.
    """
    total = sum(counts)
    if total == 0:
        return None
    rank, below = total * percent / 100, 0
    for band, counted in enumerate(counts):
        if counted and below + counted >= rank:
            lower = BAND_BOUNDS_MS[band - 1] if band else 0
            upper = BAND_BOUNDS_MS[band] if band < len(BAND_BOUNDS_MS) else lower
            return round(lower + (upper - lower) * (rank - below) / counted)
        below += counted
    return BAND_BOUNDS_MS[-1]
