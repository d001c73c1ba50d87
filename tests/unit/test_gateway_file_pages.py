"""Pages of a mapped file that were needed once are given back, and are there again when somebody reads them."""

import importlib.util
import mmap
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from solaris.gateway.estimate.tokenizer import release_file_pages

_LOAD_A_VOCABULARY = """
from pathlib import Path
from solaris.gateway.estimate.tokenizer import Tokenizer
tokenizer = Tokenizer()
assert tokenizer.count(["bom dia"]) > 0
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("RssFile:")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is resident, and takes pages back")
def test_a_vocabulary_is_not_kept_in_memory_twice(tmp_path: Path) -> None:
    # A copy: pages that other processes have mapped as well, as other tests do meanwhile, stay with all of them.
    installed = importlib.util.find_spec("bpe_openai")
    assert installed is not None
    shutil.copytree(Path(str(installed.origin)).parent, tmp_path / "bpe_openai")
    asked = [sys.executable, "-c", _LOAD_A_VOCABULARY]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    output = subprocess.run(asked, check=True, capture_output=True, text=True, env=environment).stdout
    assert int(output) < 25_000, "kB of mapped files; the vocabularies' file alone has 40,000"


def test_a_page_that_was_given_back_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_bytes(b"x" * 100_000)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[:].count(b"x") == 100_000
        release_file_pages(str(file))
        assert mapped[:].count(b"x") == 100_000


def test_a_file_that_is_not_mapped_is_no_mistake(tmp_path: Path) -> None:
    release_file_pages(str(tmp_path / "none"))
