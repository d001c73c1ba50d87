-- A page of one user's usage events, newest first, after the position ($5, $6).
SELECT id, request_id, occurred_at, route, ending, estimated, model_asked, model_answered, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
       tokens_charged, allowance_part, credits_part, overage, tokens_remaining, cost_usd, first_byte_ms, duration_ms, client, conversation_id,
       trace_id
FROM usage_events
WHERE user_id = $1 AND local_day BETWEEN $2 AND $3 AND ($4::text IS NULL OR model_asked = $4)
  AND (occurred_at, id) < ($5, $6)
ORDER BY occurred_at DESC, id DESC
LIMIT $7
