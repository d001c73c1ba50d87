-- ledger_change_allowance_v1: another limit for the running period (p_kind limit, plan; p_limit), or a reset of its use (p_kind
-- reset). Each is a row of allowance_changes; events stay as they are.
-- A limit: the allowance becomes the limit plus what resets forgave, and never less than what was used of it.
-- A reset gives back what was used since the last one: to the allowance what it had paid (it ends with the period, like the
-- allowance), the rest to the credits, as a compensation. Debt is repaid first, as from every grant and allowance.
-- A repeated key changes nothing. Outcomes: changed; repeated; conflict (same key, other change); nothing (to reset); too_much;
-- unknown_user.
CREATE OR REPLACE FUNCTION ledger_change_allowance_v1(
    p_user uuid, p_limit bigint, p_kind text, p_reason text, p_actor uuid, p_key text, p_credits_limit bigint, p_at timestamptz,
    OUT outcome text, OUT change allowance_changes, OUT wallet wallets
) LANGUAGE plpgsql AS $$
DECLARE
    before    allowance_changes;
    given     record;
    used_net  bigint; -- of the allowance, by events; the rest of allowance_used repaid debt
    back      bigint := 0;
    receipt   uuid;
    target    bigint;
    repaid    bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM users WHERE id = p_user) THEN
        outcome := 'unknown_user';
        RETURN;
    END IF;
    wallet := ledger_wallet_v1(p_user, p_at);
    SELECT * INTO change FROM allowance_changes WHERE idempotency_key = p_key;
    IF FOUND THEN
        outcome := CASE WHEN change.user_id = p_user AND change.kind = p_kind AND change.reason = p_reason
                             AND (p_limit IS NULL OR change.limit_tokens = p_limit) THEN 'repeated' ELSE 'conflict' END;
        RETURN;
    END IF;
    SELECT * INTO before FROM allowance_changes
    WHERE user_id = p_user AND period_start = wallet.period_start ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN
        SELECT allowance, 0, 0 INTO before.limit_tokens, before.forgiven_tokens, before.forgiven_credits_tokens
        FROM period_openings WHERE user_id = p_user AND period_start = wallet.period_start;
    END IF;

    IF p_kind = 'reset' THEN
        IF wallet.used <= before.forgiven_tokens + before.forgiven_credits_tokens THEN
            outcome := 'nothing';
            RETURN;
        END IF;
        used_net := wallet.allowance_used + coalesce((
            SELECT sum(tokens) FROM overage_entries
            WHERE user_id = p_user AND bucket = 'allowance' AND period_start = wallet.period_start), 0);
        -- What one grant can't hold waits for the next reset.
        back := least(wallet.used - used_net - before.forgiven_credits_tokens, 1000000000);
        before.forgiven_tokens := used_net;
        before.forgiven_credits_tokens := before.forgiven_credits_tokens + back;
        IF back > 0 THEN
            SELECT * INTO given FROM ledger_grant_v1(
                p_user, back::integer, 0, 'compensation', p_reason, p_actor, 'reset:' || coalesce(p_key, gen_random_uuid()::text),
                'reset', p_credits_limit, p_at);
            IF given.outcome <> 'granted' THEN
                outcome := given.outcome;
                RETURN;
            END IF;
            wallet := given.wallet;
            receipt := (given.transaction).id;
        END IF;
    ELSE
        before.limit_tokens := p_limit;
    END IF;

    target := greatest(before.limit_tokens + before.forgiven_tokens, wallet.allowance_used);
    INSERT INTO allowance_changes (user_id, period_start, tokens, kind, limit_tokens, forgiven_tokens, forgiven_credits_tokens,
                                   transaction_id, reason, actor_id, idempotency_key, created_at)
    VALUES (p_user, wallet.period_start, target - wallet.allowance, p_kind, before.limit_tokens, before.forgiven_tokens,
            before.forgiven_credits_tokens, receipt, p_reason, p_actor, p_key, p_at)
    RETURNING * INTO change;
    repaid := least(wallet.overage, greatest(target - wallet.allowance, 0));
    IF repaid > 0 THEN
        INSERT INTO overage_entries (user_id, tokens, bucket, period_start, created_at)
        VALUES (p_user, -repaid, 'allowance', wallet.period_start, p_at);
    END IF;
    UPDATE wallets
    SET allowance = target, allowance_used = allowance_used + repaid, overage = overage - repaid
    WHERE user_id = p_user
    RETURNING * INTO wallet;
    IF change.tokens > 0 OR back > 0 THEN
        -- Re-armed, as by a grant: only what is still exceeded counts as told.
        UPDATE wallets
        SET alert_round = alert_round + 1, refused_tokens = 0,
            alerted_percent = coalesce((
                SELECT max(t) FROM unnest(alert_thresholds_percent) AS t
                WHERE t <= alerted_percent AND used * 100 >= t * (used + allowance - allowance_used + credits)), 0)
        WHERE user_id = p_user
        RETURNING * INTO wallet;
    END IF;
    outcome := 'changed';
END $$;
