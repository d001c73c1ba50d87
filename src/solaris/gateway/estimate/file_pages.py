"""Memory that holds nothing but what a file holds too: given back where it was needed only once."""

import ctypes
import os
import sys
from pathlib import Path

# madvise(2), since Linux 5.4: reclaim now. What was written to since it was mapped stays in memory.
_MADV_PAGEOUT = 21


def release_file_pages(file: str) -> None:
    """Give the pages of a mapped file back to the system, which reads them again should they be needed.

    Does nothing where the system can't do it (another than Linux, an older one, a file of another user's), nor to pages that
    another process has mapped as well.
    """
    maps = Path("/proc/self/maps")
    if sys.platform != "linux" or not maps.exists():
        return
    mapped = os.path.realpath(file)
    madvise = ctypes.CDLL(None).madvise
    for line in maps.read_text().splitlines():
        addresses, _, rest = line.partition(" ")
        if rest.endswith(mapped):
            start, end = (int(address, 16) for address in addresses.split("-"))
            # Its answer changes nothing: where it fails, the pages stay.
            madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_PAGEOUT)
