-- ledger_settle_batch_v2: ends holds with what was really used: per hold one event; per user the wallet, the day's rollup and the
-- crossed thresholds; all in one transaction.
-- p_users: each user once, ascending. The other arrays have an element per ending, those of one user side by side and in their
-- order, in which they share his buckets; p_places: its user's place in p_users.
-- Returns which endings took effect now and, element by element beside them, their event and its parts; the wallets after it, in the
-- order of p_users; and the thresholds crossed first now. An ending that is not named (ended before, unknown, a hold from before
-- migration 0015) was not touched and goes through ledger_settle_v2.
-- Wallets are locked first, in the users' order, so that batches of several processes never deadlock.
CREATE OR REPLACE FUNCTION ledger_settle_batch_v2(
    p_users uuid[], p_places integer[], p_request_ids text[], p_charged bigint[], p_input_tokens bigint[],
    p_cached_input_tokens bigint[], p_output_tokens bigint[], p_reasoning_tokens bigint[], p_endings text[], p_estimated boolean[],
    p_models_answered text[], p_costs_usd text[], p_first_byte_ms integer[], p_durations_ms integer[], p_final_state text,
    p_at timestamptz,
    OUT ended bigint[], OUT event_ids uuid[], OUT models_asked text[], OUT allowance_parts bigint[], OUT credits_parts bigint[],
    OUT remaining bigint[], OUT settled_at timestamptz, OUT period_starts date[], OUT allowances bigint[], OUT allowances_used bigint[],
    OUT credits_left bigint[], OUT held_tokens bigint[], OUT used_tokens bigint[], OUT overages bigint[],
    OUT crossed_places bigint[], OUT crossed_percents smallint[]
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
    month       date := date_trunc('month', p_at)::date;
    users_found uuid[];
    id_head     text := ledger_event_head_v1(p_at);
    hold_tokens bigint[];
    terms       bigint[];
    clients     text[];
    front_ends  uuid[];
    talks       text[];
    traces      text[];
    spent       bigint[] := array_fill(0::bigint, ARRAY[cardinality(p_users)]);
    endings     integer[] := array_fill(0, ARRAY[cardinality(p_users)]);
    crossing    bigint[];
    payers      integer := 0;
    number      bigint;
    place       integer;
    charge      bigint;
    part        bigint;
    credit_part bigint;
    percent     smallint;
BEGIN
    FOR turn IN 1 .. 2 LOOP
        SELECT array_agg(w.user_id), array_agg(w.period_start), array_agg(w.allowance), array_agg(w.allowance_used),
               array_agg(w.credits), array_agg(w.held), array_agg(w.used), array_agg(w.overage)
        INTO users_found, period_starts, allowances, allowances_used, credits_left, held_tokens, used_tokens, overages
        FROM (SELECT user_id, period_start, allowance, allowance_used, credits, held, used, overage
              FROM wallets WHERE user_id = ANY (p_users) ORDER BY user_id FOR UPDATE) AS w;
        IF users_found IS DISTINCT FROM p_users THEN
            RETURN;
        END IF;
        EXIT WHEN month <= ALL (period_starts);
        PERFORM ledger_wallet_v1(u.user_id, p_at)
        FROM unnest(p_users, period_starts) AS u (user_id, period_start) WHERE u.period_start < month;
    END LOOP;

    WITH done AS (
        UPDATE holds h SET state = p_final_state, ended_at = p_at, event_id = (id_head || lpad(to_hex(e.i), 8, '0'))::uuid
        FROM unnest(p_places) WITH ORDINALITY AS e (place, i)
        WHERE h.user_id = p_users[e.place] AND h.request_id = p_request_ids[i] AND h.ended_at IS NULL AND h.terms_id <> 0
        RETURNING e.i, h.event_id, h.tokens, h.terms_id, h.client, h.front_end_key_id, h.conversation_id, h.trace_id
    )
    SELECT array_agg(d.i), array_agg(d.event_id), array_agg(d.tokens), array_agg(d.terms_id), array_agg(d.client),
           array_agg(d.front_end_key_id), array_agg(d.conversation_id), array_agg(d.trace_id)
    INTO ended, event_ids, hold_tokens, terms, clients, front_ends, talks, traces
    FROM (SELECT * FROM done ORDER BY i) AS d;
    IF ended IS NULL THEN
        RETURN;
    END IF;
    settled_at := p_at;

    FOR n IN 1 .. cardinality(ended) LOOP
        number := ended[n];
        place := p_places[number];
        charge := p_charged[number];
        part := least(charge, allowances[place] - allowances_used[place]);
        credit_part := least(charge - part, credits_left[place]);
        allowance_parts[n] := part;
        credits_parts[n] := credit_part;
        allowances_used[place] := allowances_used[place] + part;
        credits_left[place] := credits_left[place] - credit_part;
        overages[place] := overages[place] + charge - part - credit_part;
        held_tokens[place] := held_tokens[place] - hold_tokens[n];
        used_tokens[place] := used_tokens[place] + charge;
        IF charge > 0 AND spent[place] = 0 THEN
            payers := payers + 1;
        END IF;
        spent[place] := spent[place] + charge;
        endings[place] := endings[place] + 1;
        remaining[n] := greatest(allowances[place] - allowances_used[place] + credits_left[place] - held_tokens[place], 0);
    END LOOP;

    WITH recorded AS (
        INSERT INTO usage_events (
            id, user_id, request_id, local_day, occurred_at, route, ending, estimated, model_asked, model_answered,
            input_tokens, cached_input_tokens, output_tokens, reasoning_tokens,
            input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
            tokens_charged, allowance_part, credits_part, overage, tokens_remaining,
            cost_usd, first_byte_ms, duration_ms, client, front_end_key_id, conversation_id, trace_id)
        SELECT event_ids[n], p_users[p_places[i]], p_request_ids[i], greatest(p_at::date, period_starts[p_places[i]]), p_at,
               t.route, (p_endings[i]::usage_ending)::text, p_estimated[i], t.model_asked, p_models_answered[i],
               p_input_tokens[i], p_cached_input_tokens[i], p_output_tokens[i], p_reasoning_tokens[i],
               t.input_weight, t.cached_input_weight, t.output_weight, t.reasoning_weight, t.conversion_factor,
               p_charged[i], allowance_parts[n], credits_parts[n], p_charged[i] - allowance_parts[n] - credits_parts[n], remaining[n],
               p_costs_usd[i]::numeric, p_first_byte_ms[i], p_durations_ms[i], clients[n], front_ends[n], talks[n], traces[n]
        FROM unnest(ended) WITH ORDINALITY AS e (i, n)
        JOIN call_terms t ON t.id = terms[n]
        RETURNING id, model_asked
    )
    SELECT array_agg(r.model_asked ORDER BY r.id) INTO models_asked FROM recorded r;
    IF cardinality(models_asked) IS DISTINCT FROM cardinality(ended) THEN
        RAISE EXCEPTION 'a hold names terms that do not exist' USING ERRCODE = 'foreign_key_violation';
    END IF;

    WITH changed AS (
        UPDATE wallets w
        SET allowance_used = allowances_used[k], credits = credits_left[k], held = held_tokens[k], used = used_tokens[k],
            overage = overages[k], open_calls = greatest(w.open_calls - endings[k], 0)
        FROM unnest(p_users) WITH ORDINALITY AS u (user_id, k)
        WHERE w.user_id = u.user_id AND endings[k] > 0
        RETURNING k, w.used * 100 / greatest(w.used + w.allowance - w.allowance_used + w.credits, 1) AS percent,
                  w.alerted_percent, w.alert_thresholds_percent
    )
    SELECT array_agg(c.k) INTO crossing
    FROM changed c WHERE c.percent > c.alerted_percent AND c.percent >= ANY (c.alert_thresholds_percent);

    -- The customer's columns are integer: a day beyond 2^31 stays at the limit here, the events hold the exact figure.
    UPDATE token_usage d
    SET tokens_used = least(d.tokens_used + spent[k], 2147483647),
        tokens_remaining = least(greatest(allowances[k] - allowances_used[k] + credits_left[k] - held_tokens[k], 0), 2147483647)
    FROM unnest(p_users) WITH ORDINALITY AS u (user_id, k)
    WHERE spent[k] > 0 AND d.user_id = u.user_id AND d.usage_date = greatest(p_at::date, period_starts[k]);
    GET DIAGNOSTICS number = ROW_COUNT;
    IF number < payers THEN
        INSERT INTO token_usage (user_id, usage_date, tokens_used, tokens_remaining, created_at)
        SELECT u.user_id, greatest(p_at::date, period_starts[k]), least(spent[k], 2147483647),
               least(greatest(allowances[k] - allowances_used[k] + credits_left[k] - held_tokens[k], 0), 2147483647), p_at
        FROM unnest(p_users) WITH ORDINALITY AS u (user_id, k)
        WHERE spent[k] > 0
        ON CONFLICT DO NOTHING; -- those above
    END IF;

    FOREACH number IN ARRAY coalesce(crossing, '{}') LOOP
        FOREACH percent IN ARRAY coalesce((SELECT ledger_alert_v1(w, p_at) FROM wallets w WHERE w.user_id = p_users[number]), '{}') LOOP
            crossed_places := crossed_places || number;
            crossed_percents := crossed_percents || percent;
        END LOOP;
    END LOOP;
END $$;
