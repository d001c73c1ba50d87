"""Medians from counts per latency band."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solaris.reporting.traffic import BAND_BOUNDS_MS, BANDS, quantile_ms


def counts_of(*values_ms: float) -> list[int]:
    counts = [0] * BANDS
    for value in values_ms:
        counts[next((band for band, bound in enumerate(BAND_BOUNDS_MS) if value <= bound), BANDS - 1)] += 1
    return counts


def test_the_bands_ascend() -> None:
    assert list(BAND_BOUNDS_MS) == sorted(set(BAND_BOUNDS_MS))


@pytest.mark.parametrize("counts", [(), [0] * BANDS])
def test_no_call_has_no_time(counts: list[int]) -> None:
    assert quantile_ms(counts, 0.5) == 0.0


def test_inside_a_band_the_median_is_interpolated() -> None:
    assert quantile_ms(counts_of(45, 45, 45, 45), 0.5) == 45.0
    assert quantile_ms(counts_of(1, 45, 45, 45, 900), 0.5) == 45.0


def test_the_slowest_band_answers_its_lower_bound() -> None:
    assert quantile_ms(counts_of(500_000), 0.99) == 120_000.0


@given(st.lists(st.floats(min_value=0, max_value=120_000), min_size=1, max_size=60), st.sampled_from([0.5, 0.95, 0.99]))
def test_the_estimate_lies_in_the_band_of_the_true_quantile(values_ms: list[float], q: float) -> None:
    estimate = quantile_ms(counts_of(*values_ms), q)
    true = sorted(values_ms)[max(0, -int(-len(values_ms) * q // 1) - 1)]
    band = next(band for band, bound in enumerate(BAND_BOUNDS_MS) if true <= bound)
    lower = BAND_BOUNDS_MS[band - 1] if band else 0.0
    assert lower - 0.01 <= estimate <= BAND_BOUNDS_MS[band] + 0.01
