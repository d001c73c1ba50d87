"""The model simulator: OpenAI's and Anthropic's APIs without a model, for models without a provider key, and for tests.

Token counts, streams, limits, tool calls and errors are those of the real APIs; requests can ask
for delays and faults.
"""

from solaris.local.simulator.behaviour import Behaviour
from solaris.local.simulator.server import ModelSimulator

__all__ = ["Behaviour", "ModelSimulator"]
