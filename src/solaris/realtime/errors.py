"""Errors of streams, each under its nearest domain class.

RateLimited
└── TooManyStreams    the caller is at the limit of open streams per user
Unavailable
└── StreamsExhausted  the process is at its limit of open streams
"""

from solaris.domain.errors import RateLimited, Unavailable


class TooManyStreams(RateLimited):
    """The caller is at the limit of open streams per user."""

    code = "too_many_streams"


class StreamsExhausted(Unavailable):
    """The process is at its limit of open streams."""

    code = "streams_exhausted"
