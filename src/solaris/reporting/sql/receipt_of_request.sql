-- One request of one user, with the weights of its charge.
SELECT id, request_id, occurred_at, route, ending, estimated, model_asked, model_answered, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
       tokens_charged, allowance_part, credits_part, overage, tokens_remaining, cost_usd, first_byte_ms, duration_ms, client, conversation_id,
       trace_id
FROM usage_events
WHERE user_id = $1 AND request_id = $2
ORDER BY occurred_at
LIMIT 1
