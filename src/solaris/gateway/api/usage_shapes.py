"""How providers report token counts: field names, which count includes which, and places.

One table for the reader (`usage`) and for the tests, which send every example through the whole
proxy on every route where it can occur, streamed and not, and compare the charge with the counts.
Paths are written with dots.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from solaris.domain.tokens import TokenCounts

Example = tuple[Mapping[str, Any], TokenCounts]


class UsageShape(NamedTuple):
    """The field names of one family of APIs.

    `…_included` fields are part of their whole and add nothing, unless one is larger than its whole
    or the total shows otherwise; `…_added` fields are added. Several `cached_included` or
    `reasoning_included` fields repeat the same figure: the largest counts. `source` is the vendor's
    page or the code that the shape was read from.
    """

    api: str
    source: str
    input: str
    output: str
    total: str = ""
    input_added: tuple[str, ...] = ()
    cached_added: tuple[str, ...] = ()
    cached_included: tuple[str, ...] = ()
    cache_write_included: tuple[str, ...] = ()
    input_included: tuple[str, ...] = ()
    reasoning_added: tuple[str, ...] = ()
    reasoning_included: tuple[str, ...] = ()
    output_included: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


class UsagePlace(NamedTuple):
    """Where an answer or stream event holds the object: keys, and `*` for every item of a list."""

    path: tuple[str, ...]
    source: str


_CACHE_READ = ("cached_tokens", "cached_read_tokens")
_CACHE_WRITE = ("cache_creation_tokens", "cache_write_tokens", "cache_creation_input_tokens", "cached_write_tokens")
_MODALITIES = ("audio_tokens", "image_tokens", "video_tokens")
_PREDICTED = ("accepted_prediction_tokens", "rejected_prediction_tokens")


def _under(details: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{details}.{name}" for name in names)


SHAPES: tuple[UsageShape, ...] = (
    UsageShape(
        api="OpenAI chat completions and its many relatives",
        source="https://platform.openai.com/docs/api-reference/chat/object (usage); litellm/types/utils.py class Usage",
        input="prompt_tokens",
        output="completion_tokens",
        total="total_tokens",
        cached_included=(
            *_under("prompt_tokens_details", *_CACHE_READ),
            "prompt_cache_hit_tokens",  # https://api-docs.deepseek.com/guides/kv_cache: the prompt is hit + miss
            "cached_tokens",  # https://platform.moonshot.ai/docs/api/chat
            "cache_read_input_tokens",  # LiteLLM keeps Anthropic's names, included in prompt_tokens
            "num_cached_tokens",  # https://docs.fireworks.ai/guides/prompt-caching and Mistral's usage
        ),
        cache_write_included=(*_under("prompt_tokens_details", *_CACHE_WRITE), "cache_creation_input_tokens"),
        input_included=_under("prompt_tokens_details", *_MODALITIES),
        reasoning_included=(*_under("completion_tokens_details", "reasoning_tokens"), "reasoning_tokens"),
        output_included=_under("completion_tokens_details", *_MODALITIES, *_PREDICTED),
        examples=(
            (  # OpenAI: every part is included in its whole
                {
                    "prompt_tokens": 2006,
                    "completion_tokens": 300,
                    "total_tokens": 2306,
                    "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
                    "completion_tokens_details": {"reasoning_tokens": 120, "rejected_prediction_tokens": 30},
                },
                TokenCounts(2006, 1920, 300, 120),
            ),
            (  # a total beyond its parts was billed too
                {"prompt_tokens": 20, "completion_tokens": 198, "total_tokens": 623},
                TokenCounts(20, 0, 603, 0),
            ),
            (  # https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/grok/capabilities/reasoning
                {
                    "prompt_tokens": 20,
                    "completion_tokens": 198,
                    "total_tokens": 623,
                    "completion_tokens_details": {"reasoning_tokens": 405},
                },
                TokenCounts(20, 0, 603, 405),
            ),
            (  # xAI, less reasoning than text: only the total shows that it is not included
                {
                    "prompt_tokens": 20,
                    "completion_tokens": 198,
                    "total_tokens": 318,
                    "completion_tokens_details": {"reasoning_tokens": 100},
                },
                TokenCounts(20, 0, 298, 100),
            ),
            (  # the same in LiteLLM's streams: the total is recomputed (streaming_handler.calculate_total_usage)
                {
                    "prompt_tokens": 20,
                    "completion_tokens": 198,
                    "total_tokens": 218,
                    "completion_tokens_details": {"reasoning_tokens": 405},
                },
                TokenCounts(20, 0, 603, 405),
            ),
            (  # cached tokens not included in the prompt
                {
                    "prompt_tokens": 20,
                    "completion_tokens": 30,
                    "total_tokens": 2050,
                    "prompt_tokens_details": {"cached_tokens": 2000},
                },
                TokenCounts(2020, 2000, 30, 0),
            ),
            (  # the same with less cached than uncached input: the total shows it
                {
                    "prompt_tokens": 500,
                    "completion_tokens": 30,
                    "total_tokens": 930,
                    "prompt_tokens_details": {"cached_tokens": 400},
                },
                TokenCounts(900, 400, 30, 0),
            ),
            (  # DeepSeek
                {
                    "prompt_tokens": 1000,
                    "completion_tokens": 30,
                    "total_tokens": 1030,
                    "prompt_cache_hit_tokens": 960,
                    "prompt_cache_miss_tokens": 40,
                },
                TokenCounts(1000, 960, 30, 0),
            ),
            (  # Moonshot
                {"prompt_tokens": 1000, "completion_tokens": 30, "total_tokens": 1030, "cached_tokens": 960},
                TokenCounts(1000, 960, 30, 0),
            ),
            (  # LiteLLM in front of Anthropic: the iterations are already summed
                {
                    "prompt_tokens": 203000,
                    "completion_tokens": 4500,
                    "total_tokens": 207500,
                    "prompt_tokens_details": {"cached_tokens": 0},
                    "iterations": [
                        {"type": "compaction", "input_tokens": 180000, "output_tokens": 3500},
                        {"type": "message", "input_tokens": 23000, "output_tokens": 1000},
                    ],
                },
                TokenCounts(203000, 0, 4500, 0),
            ),
            (  # LiteLLM in front of Anthropic's cache: reads and writes are included in the prompt
                {
                    "prompt_tokens": 145,
                    "completion_tokens": 3,
                    "total_tokens": 148,
                    "prompt_tokens_details": {"cached_tokens": 100, "cache_creation_tokens": 40},
                    "cache_creation_input_tokens": 40,
                    "cache_read_input_tokens": 100,
                },
                TokenCounts(145, 100, 3, 0),
            ),
            (  # an image as the answer (Gemini in OpenAI's names)
                {
                    "prompt_tokens": 20,
                    "completion_tokens": 1290,
                    "total_tokens": 1310,
                    "completion_tokens_details": {"image_tokens": 1290, "text_tokens": 0},
                },
                TokenCounts(20, 0, 1290, 0),
            ),
        ),
    ),
    UsageShape(
        api="OpenAI responses and Anthropic messages",
        source="https://platform.openai.com/docs/api-reference/responses/object (usage); "
        "https://docs.anthropic.com/en/build-with-claude/prompt-caching and /en/build-with-claude/compaction",
        input="input_tokens",
        output="output_tokens",
        total="total_tokens",
        input_added=("cache_creation_input_tokens",),
        cached_added=("cache_read_input_tokens",),
        cached_included=_under("input_tokens_details", *_CACHE_READ),
        cache_write_included=_under("input_tokens_details", *_CACHE_WRITE),
        input_included=_under("input_tokens_details", *_MODALITIES),
        reasoning_included=_under("output_tokens_details", "reasoning_tokens", "thinking_tokens"),
        output_included=_under("output_tokens_details", *_MODALITIES, *_PREDICTED),
        examples=(
            (
                {
                    "input_tokens": 75,
                    "input_tokens_details": {"cached_tokens": 32},
                    "output_tokens": 1186,
                    "output_tokens_details": {"reasoning_tokens": 1024},
                    "total_tokens": 1261,
                },
                TokenCounts(75, 32, 1186, 1024),
            ),
            (
                {
                    "input_tokens": 50,
                    "cache_read_input_tokens": 100_000,
                    "cache_creation_input_tokens": 248,
                    "cache_creation": {"ephemeral_5m_input_tokens": 148, "ephemeral_1h_input_tokens": 100},
                    "output_tokens": 503,
                },
                TokenCounts(100_298, 100_000, 503, 0),
            ),
            (
                {
                    "input_tokens": 23000,
                    "output_tokens": 1000,
                    "iterations": [
                        {"type": "compaction", "input_tokens": 180000, "output_tokens": 3500},
                        {"type": "message", "input_tokens": 23000, "output_tokens": 1000},
                    ],
                },
                TokenCounts(203_000, 0, 4500, 0),
            ),
        ),
    ),
    UsageShape(
        api="Amazon Bedrock Converse",
        source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html; "
        "litellm/llms/bedrock/chat/converse_transformation.py",
        input="inputTokens",
        output="outputTokens",
        total="totalTokens",
        input_added=("cacheWriteInputTokens",),
        cached_added=("cacheReadInputTokens",),
        examples=(
            (
                {
                    "inputTokens": 12,
                    "outputTokens": 30,
                    "totalTokens": 1142,
                    "cacheReadInputTokens": 1000,
                    "cacheWriteInputTokens": 100,
                },
                TokenCounts(1112, 1000, 30, 0),
            ),
        ),
    ),
    UsageShape(
        api="Amazon Bedrock InvokeModel",
        source="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-invoke.html (invocationMetrics)",
        input="inputTokenCount",
        output="outputTokenCount",
        input_added=("cacheWriteInputTokenCount",),
        cached_added=("cacheReadInputTokenCount",),
        examples=(
            ({"inputTokenCount": 12, "outputTokenCount": 30, "firstByteLatency": 400}, TokenCounts(12, 0, 30, 0)),
        ),
    ),
    UsageShape(
        api="Gemini",
        source="https://ai.google.dev/api/generate-content#UsageMetadata; "
        "litellm/llms/vertex_ai/gemini/vertex_and_google_ai_studio_gemini.py",
        input="promptTokenCount",
        output="candidatesTokenCount",
        total="totalTokenCount",
        input_added=("toolUsePromptTokenCount",),
        cached_included=("cachedContentTokenCount",),
        reasoning_added=("thoughtsTokenCount",),
        examples=(
            (
                {
                    "promptTokenCount": 500,
                    "cachedContentTokenCount": 400,
                    "toolUsePromptTokenCount": 60,
                    "candidatesTokenCount": 198,
                    "thoughtsTokenCount": 405,
                    "totalTokenCount": 1163,
                },
                TokenCounts(560, 400, 603, 405),
            ),
        ),
    ),
    UsageShape(
        api="Gemini, in the names of its Python client",
        source="https://googleapis.github.io/python-genai/genai.html (UsageMetadata)",
        input="prompt_token_count",
        output="candidates_token_count",
        total="total_token_count",
        input_added=("tool_use_prompt_token_count",),
        cached_included=("cached_content_token_count",),
        reasoning_added=("thoughts_token_count",),
        examples=(
            (
                {"prompt_token_count": 20, "candidates_token_count": 198, "thoughts_token_count": 405},
                TokenCounts(20, 0, 603, 405),
            ),
        ),
    ),
    UsageShape(
        api="Google interactions",
        source="litellm/litellm_core_utils/llm_cost_calc/usage_object_transformation.py",
        input="total_input_tokens",
        output="total_output_tokens",
        total="total_tokens",
        input_added=("total_tool_use_tokens",),
        cached_included=("total_cached_tokens",),
        reasoning_added=("total_thought_tokens",),
        examples=(
            (
                {
                    "total_input_tokens": 500,
                    "total_cached_tokens": 400,
                    "total_tool_use_tokens": 60,
                    "total_output_tokens": 198,
                    "total_thought_tokens": 405,
                    "total_tokens": 1163,
                },
                TokenCounts(560, 400, 603, 405),
            ),
        ),
    ),
    UsageShape(
        api="Ollama",
        source="https://github.com/ollama/ollama/blob/main/docs/api.md (prompt_eval_count, eval_count)",
        input="prompt_eval_count",
        output="eval_count",
        examples=(
            ({"prompt_eval_count": 26, "eval_count": 298, "eval_duration": 4_709_213_000}, TokenCounts(26, 0, 298, 0)),
        ),
    ),
    UsageShape(
        api="llama.cpp",
        source="https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (timings)",
        input="prompt_n",
        output="predicted_n",
        cached_added=("cache_n",),
        examples=(
            ({"cache_n": 236, "prompt_n": 1, "predicted_n": 35, "predicted_ms": 661.0}, TokenCounts(237, 236, 35, 0)),
        ),
    ),
)

# Perplexity's deep research bills its sources in addition to the prompt:
# https://docs.perplexity.ai/getting-started/pricing. LiteLLM sets `citation_tokens` for
# Perplexity's other models too; only deep research counts searches.
CITATIONS, SEARCHES = "citation_tokens", "num_search_queries"

PLACES: tuple[UsagePlace, ...] = (
    UsagePlace(("usage",), "https://platform.openai.com/docs/api-reference/chat/object"),
    UsagePlace(("choices", "*", "usage"), "https://platform.moonshot.ai/docs/api/chat (streams)"),
    UsagePlace(("x_groq", "usage"), "https://console.groq.com/docs/api-reference#chat-create (streams)"),
    UsagePlace(("message", "usage"), "https://docs.anthropic.com/en/docs/build-with-claude/streaming (message_start)"),
    UsagePlace(("response", "usage"), "https://platform.openai.com/docs/api-reference/responses-streaming"),
    UsagePlace(("usageMetadata",), "https://ai.google.dev/api/generate-content#UsageMetadata"),
    UsagePlace(("usage_metadata",), "https://googleapis.github.io/python-genai/genai.html"),
    UsagePlace(("usage", "billed_units"), "https://docs.cohere.com/v2/reference/chat (what was billed)"),
    UsagePlace(("usage", "tokens"), "https://docs.cohere.com/v2/reference/chat"),
    UsagePlace(("meta", "billed_units"), "https://docs.cohere.com/v1/reference/chat"),
    UsagePlace(("meta", "tokens"), "https://docs.cohere.com/v1/reference/chat"),
    UsagePlace(
        ("amazon-bedrock-invocationMetrics",),
        "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-invoke.html",
    ),
    UsagePlace(
        ("metadata", "usage"), "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html"
    ),
    UsagePlace(("timings",), "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"),
    UsagePlace((), "https://github.com/ollama/ollama/blob/main/docs/api.md (beside the answer)"),
)

# The last key of each place, and the keys at an answer's top level, after their opening quote:
# matches every event that may hold usage. JSON escapes quotes inside texts: no model output can
# match.
USAGE_KEYS = (
    rb'usage(?:Metadata|_metadata)?"\s*:\s*\{|(?:billed_units|tokens|timings)"\s*:\s*\{|eval_count"'
    rb'|amazon-bedrock-invocationMetrics"'
)
