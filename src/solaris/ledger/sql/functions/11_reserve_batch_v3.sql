-- ledger_reserve_batch_v3: reservations in one transaction, for the users whose wallets surely cover all of theirs. p_users: each user
-- once, with the number and the sum of their orders, the tokens that must be free for each to get its share (p_needs, see
-- ledger_reserve_v3), and the calls that may be open; the other arrays have an element per order, p_places its user's place in p_users.
-- Returns the places of the users whose orders were made, their wallets after it, and the orders among them that were not made
-- after all (a repeated id). Whatever else was not made (balance too small for the sum, too many calls, a period to open, no user, suspended) was not
-- touched, and goes through ledger_reserve_v3, one by one, in order.
-- Wallets are locked in the users' order, so that batches of several processes never deadlock: hence no join but by index.
CREATE OR REPLACE FUNCTION ledger_reserve_batch_v3(
    p_users uuid[], p_demands bigint[], p_needs bigint[], p_calls integer[], p_max_calls integer[], p_places integer[], p_request_ids text[], p_fingerprints text[], p_tokens bigint[],
    p_input_tokens bigint[], p_terms bigint[], p_clients text[], p_front_end_keys uuid[], p_conversations text[], p_traces text[],
    p_attempts text[], p_counted_tokens bigint[], p_lease_seconds integer, p_at timestamptz,
    OUT places bigint[], OUT not_made integer[], OUT period_starts date[], OUT allowances bigint[], OUT allowances_used bigint[],
    OUT credits_left bigint[], OUT held_tokens bigint[], OUT used_tokens bigint[], OUT overages bigint[]
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
    made bigint;
BEGIN
    WITH admitted AS (
        UPDATE wallets w SET held = w.held + d.tokens, open_calls = w.open_calls + d.calls, refused_tokens = 0
        FROM (SELECT * FROM unnest(p_users, p_demands, p_needs, p_calls, p_max_calls)
              WITH ORDINALITY AS o (user_id, tokens, needs, calls, max_calls, place) ORDER BY o.user_id) AS d
        JOIN users u ON u.id = d.user_id
        WHERE w.user_id = d.user_id AND u.active AND w.period_start >= date_trunc('month', p_at)::date
          AND d.needs <= w.allowance - w.allowance_used + w.credits - w.held AND w.open_calls + d.calls <= d.max_calls
        RETURNING d.place, w.period_start, w.allowance, w.allowance_used, w.credits, w.held, w.used, w.overage
    )
    SELECT array_agg(a.place), array_agg(a.period_start), array_agg(a.allowance), array_agg(a.allowance_used), array_agg(a.credits),
           array_agg(a.held), array_agg(a.used), array_agg(a.overage)
    INTO places, period_starts, allowances, allowances_used, credits_left, held_tokens, used_tokens, overages
    FROM admitted a;
    IF places IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO holds (user_id, request_id, tokens, fingerprint, input_tokens, terms_id, client, front_end_key_id, conversation_id,
                       trace_id, attempt, counted_tokens, created_at, expires_at)
    SELECT p_users[p_places[i]], p_request_ids[i], p_tokens[i], p_fingerprints[i], p_input_tokens[i], p_terms[i], p_clients[i],
           p_front_end_keys[i], p_conversations[i], p_traces[i], p_attempts[i], p_counted_tokens[i],
           p_at, p_at + make_interval(secs => p_lease_seconds)
    FROM generate_series(1, cardinality(p_places)) AS i
    WHERE p_places[i] = ANY (places)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    IF made = cardinality(p_places) THEN
        RETURN;
    END IF;

    -- Ours are the rows of this transaction, and of several orders with one id the first.
    SELECT array_agg(o.i) INTO not_made
    FROM (SELECT i, row_number() OVER (PARTITION BY p_places[i], p_request_ids[i] ORDER BY i) AS turn
          FROM generate_series(1, cardinality(p_places)) AS i WHERE p_places[i] = ANY (places)) AS o
    JOIN holds h ON h.user_id = p_users[p_places[o.i]] AND h.request_id = p_request_ids[o.i]
    WHERE o.turn > 1 OR h.attempt IS DISTINCT FROM p_attempts[o.i] OR h.xmin <> pg_current_xact_id()::xid;
    IF not_made IS NOT NULL THEN
        UPDATE wallets w SET held = w.held - b.tokens, open_calls = greatest(w.open_calls - b.calls, 0)
        FROM (SELECT p_users[p_places[i]] AS user_id, sum(p_tokens[i])::bigint AS tokens, count(*)::integer AS calls
              FROM unnest(not_made) AS i GROUP BY 1) AS b
        WHERE w.user_id = b.user_id;
        SELECT array_agg(w.held ORDER BY k) INTO held_tokens
        FROM generate_subscripts(places, 1) AS k JOIN wallets w ON w.user_id = p_users[places[k]];
    END IF;
END $$;
