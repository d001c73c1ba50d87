-- ledger_terms_v1: the number of these terms; their first use writes them down.
CREATE OR REPLACE FUNCTION ledger_terms_v1(
    p_route text, p_model_asked text, p_input_weight numeric, p_cached_input_weight numeric, p_output_weight numeric,
    p_reasoning_weight numeric, p_conversion_factor numeric
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    terms call_terms;
    known bigint;
BEGIN
    terms.route := p_route;
    terms.model_asked := p_model_asked;
    terms.input_weight := p_input_weight;
    terms.cached_input_weight := p_cached_input_weight;
    terms.output_weight := p_output_weight;
    terms.reasoning_weight := p_reasoning_weight;
    terms.conversion_factor := p_conversion_factor;
    terms.digest := sha256(convert_to(terms::text, 'UTF8'));
    LOOP
        SELECT t.id INTO known FROM call_terms t WHERE t.digest = terms.digest;
        EXIT WHEN FOUND;
        INSERT INTO call_terms (route, model_asked, input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor, digest)
        VALUES (terms.route, terms.model_asked, terms.input_weight, terms.cached_input_weight, terms.output_weight,
                terms.reasoning_weight, terms.conversion_factor, terms.digest)
        ON CONFLICT DO NOTHING; -- another process was faster: the next turn finds its row
    END LOOP;
    RETURN known;
END $$;
