"""What can go wrong with streams, each under its nearest domain class.

RateLimited
└── TooManyStreams    the caller has as many streams open as one may have
Unavailable
└── StreamsExhausted  this process has as many streams open as it takes
"""

from solaris.domain.errors import RateLimited, Unavailable


class TooManyStreams(RateLimited):
    """The caller has as many streams open as one may have."""

    code = "too_many_streams"


class StreamsExhausted(Unavailable):
    """This process has as many streams open as it takes."""

    code = "streams_exhausted"
