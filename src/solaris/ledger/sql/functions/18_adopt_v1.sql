-- ledger_adopt_v1: brings a hold from before migration 0015 into the form of those after it; others are left alone.
CREATE OR REPLACE FUNCTION ledger_adopt_v1(p_user uuid, p_request_id text) RETURNS void LANGUAGE sql AS $$
    UPDATE holds
    SET terms_id = ledger_terms_v1(
            call ->> 'route', call ->> 'model_asked', (call ->> 'input_weight')::numeric, (call ->> 'cached_input_weight')::numeric,
            (call ->> 'output_weight')::numeric, (call ->> 'reasoning_weight')::numeric, (call ->> 'conversion_factor')::numeric),
        client = call ->> 'client', front_end_key_id = (call ->> 'front_end_key_id')::uuid,
        conversation_id = call ->> 'conversation_id', trace_id = call ->> 'trace_id'
    WHERE user_id = p_user AND request_id = p_request_id AND terms_id = 0
$$;
