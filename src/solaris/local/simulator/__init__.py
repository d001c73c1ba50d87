"""The model simulator: answers like OpenAI's API, and Anthropic's, where no provider key is set, and in tests.

Real in everything but the model: real token counts, streams, limits, tool calls, errors; delays and faults on request.
"""

from solaris.local.simulator.behaviour import Behaviour
from solaris.local.simulator.server import ModelSimulator

__all__ = ["Behaviour", "ModelSimulator"]
