"""What is measured and how long: the sizes of one run."""

from dataclasses import dataclass
from pathlib import Path

PARTS = ("latency", "saturation", "streams", "hot_user", "scale")


@dataclass(frozen=True)
class Options:
    """One run. Every count and every time is bounded, so that the whole run is.

    `rounds`: how often each measurement is repeated, the servers taking turns inside a round; medians are reported.
    """

    parts: frozenset[str] = frozenset(PARTS)
    rounds: int = 3
    users: int = 1_000
    latency_calls: int = 400
    litellm_latency_calls: int = 60
    load_seconds: float = 2.0
    litellm_load_seconds: float = 3.0
    half_load_seconds: float = 3.0
    lead_in_seconds: float = 0.5
    connections: tuple[int, ...] = (32, 64, 256)
    stream_connections: int = 64
    open_streams: int = 1_000
    open_stream_chunks: int = 30
    open_stream_pause_ms: int = 400
    scale_users: int = 10_000
    scale_events: int = 200_000
    litellm: bool = True
    profile: Path | None = None
    folder: Path | None = None


FULL_SCALE_USERS = 100_000
FULL_SCALE_EVENTS = 10_000_000
