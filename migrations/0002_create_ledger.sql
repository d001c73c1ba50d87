-- The account book. Balances (wallets) are a projection of the records below; `solaris audit` recomputes them.

CREATE TABLE models (
    name                  text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
    input_weight          numeric(12,6) NOT NULL DEFAULT 1 CHECK (input_weight >= 0),
    cached_input_weight   numeric(12,6) NOT NULL DEFAULT 1 CHECK (cached_input_weight >= 0),
    output_weight         numeric(12,6) NOT NULL DEFAULT 1 CHECK (output_weight >= 0),
    reasoning_weight      numeric(12,6) NOT NULL DEFAULT 1 CHECK (reasoning_weight >= 0),
    output_limit_tokens   integer NOT NULL DEFAULT 4096 CHECK (output_limit_tokens > 0),
    tokenizer             text NOT NULL DEFAULT 'o200k_base' CHECK (tokenizer IN ('o200k_base', 'cl100k_base')),
    prompt_factor         numeric(8,4) NOT NULL DEFAULT 1 CHECK (prompt_factor > 0), -- provider's count / tokenizer's count
    active                boolean NOT NULL DEFAULT true,
    updated_at            timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE wallets (
    user_id         uuid PRIMARY KEY REFERENCES users (id),
    period_start    date NOT NULL,
    allowance       bigint NOT NULL CHECK (allowance >= 0),
    allowance_used  bigint NOT NULL DEFAULT 0 CHECK (allowance_used >= 0),
    credits         bigint NOT NULL DEFAULT 0 CHECK (credits >= 0),
    held            bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
    used            bigint NOT NULL DEFAULT 0 CHECK (used >= 0), -- charged in this period, from both buckets and overage
    overage         bigint NOT NULL DEFAULT 0 CHECK (overage >= 0),
    alert_thresholds_percent smallint[] NOT NULL DEFAULT '{80,90,100}',
    alert_round     integer NOT NULL DEFAULT 0, -- a grant and a renewal open the next round
    alerted_percent smallint NOT NULL DEFAULT 0, -- highest threshold told in this round
    CHECK (allowance_used <= allowance)
) WITH (fillfactor = 70);
CREATE INDEX wallets_period ON wallets (period_start);

CREATE TABLE period_openings (
    user_id      uuid NOT NULL REFERENCES users (id),
    period_start date NOT NULL,
    allowance    bigint NOT NULL CHECK (allowance >= 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, period_start)
);

CREATE TABLE holds (
    user_id       uuid NOT NULL REFERENCES users (id),
    request_id    text NOT NULL CHECK (length(request_id) BETWEEN 1 AND 200),
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled', 'released', 'expired')),
    tokens        bigint NOT NULL CHECK (tokens >= 0),
    fingerprint   text NOT NULL, -- of the request's body: the same id with another body is refused
    call          jsonb NOT NULL, -- what an event needs if the proxy is gone (model, weights, client, trace …)
    input_tokens  bigint NOT NULL DEFAULT 0, -- the prompt's estimate
    output_tokens bigint NOT NULL DEFAULT 0, -- seen so far
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    event_id      uuid,
    PRIMARY KEY (user_id, request_id),
    CHECK ((state = 'open') = (ended_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX holds_due ON holds (expires_at) WHERE state = 'open';

CREATE TABLE usage_events (
    id                    uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id               uuid NOT NULL,
    request_id            text NOT NULL,
    local_day             date NOT NULL, -- the customer's day; its month is the period charged
    occurred_at           timestamptz NOT NULL,
    route                 text NOT NULL,
    ending                text NOT NULL CHECK (ending IN ('complete', 'no_usage', 'upstream_error', 'client_gone', 'proxy_gone')),
    estimated             boolean NOT NULL,
    model_asked           text NOT NULL,
    model_answered        text,
    input_tokens          bigint NOT NULL CHECK (input_tokens >= 0),
    cached_input_tokens   bigint NOT NULL CHECK (cached_input_tokens BETWEEN 0 AND input_tokens),
    output_tokens         bigint NOT NULL CHECK (output_tokens >= 0),
    reasoning_tokens      bigint NOT NULL CHECK (reasoning_tokens BETWEEN 0 AND output_tokens),
    input_weight          numeric(12,6) NOT NULL,
    cached_input_weight   numeric(12,6) NOT NULL,
    output_weight         numeric(12,6) NOT NULL,
    reasoning_weight      numeric(12,6) NOT NULL,
    conversion_factor     numeric(12,6) NOT NULL,
    tokens_charged        bigint NOT NULL CHECK (tokens_charged >= 0),
    allowance_part        bigint NOT NULL CHECK (allowance_part >= 0),
    credits_part          bigint NOT NULL CHECK (credits_part >= 0),
    overage               bigint NOT NULL CHECK (overage >= 0),
    tokens_remaining      bigint NOT NULL CHECK (tokens_remaining >= 0), -- after this charge, for statements
    cost_usd              numeric(14,8),
    first_byte_ms         integer,
    duration_ms           integer,
    client                text,
    front_end_key_id      uuid,
    conversation_id       text,
    trace_id              text,
    PRIMARY KEY (local_day, id),
    CHECK (allowance_part + credits_part + overage = tokens_charged)
) PARTITION BY RANGE (local_day);
CREATE INDEX usage_events_user ON usage_events (user_id, occurred_at DESC, id DESC);
CREATE INDEX usage_events_request ON usage_events (user_id, request_id);
CREATE TABLE usage_events_default PARTITION OF usage_events DEFAULT;

CREATE TABLE token_usage (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid NOT NULL REFERENCES users (id),
    tokens_used      integer NOT NULL CHECK (tokens_used > 0),
    tokens_remaining integer NOT NULL CHECK (tokens_remaining >= 0),
    usage_date       date NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, usage_date)
) WITH (fillfactor = 80);
CREATE INDEX token_usage_day ON token_usage (usage_date, user_id) INCLUDE (tokens_used);

CREATE TABLE credit_transactions (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid NOT NULL REFERENCES users (id),
    tokens_added     integer NOT NULL CHECK (tokens_added <> 0),
    amount_paid      numeric(12,2) NOT NULL DEFAULT 0,
    transaction_type text NOT NULL CHECK (transaction_type IN ('purchase', 'bonus', 'adjustment', 'refund', 'compensation')),
    created_at       timestamptz NOT NULL DEFAULT now(),
    note             text NOT NULL DEFAULT '',
    actor_id         uuid REFERENCES users (id), -- null: the system
    idempotency_key  text NOT NULL UNIQUE,
    fingerprint      text NOT NULL,
    CHECK (transaction_type <> 'refund' OR tokens_added < 0),
    CHECK (transaction_type IN ('refund', 'adjustment') OR tokens_added > 0)
);
CREATE INDEX credit_transactions_user ON credit_transactions (user_id, created_at DESC, id DESC);
CREATE INDEX credit_transactions_created_at ON credit_transactions (created_at);

-- Debt beside the events: positive where tokens were taken back that were spent already, negative where debt was repaid.
CREATE TABLE overage_entries (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid NOT NULL REFERENCES users (id),
    tokens         bigint NOT NULL CHECK (tokens <> 0),
    bucket         text NOT NULL CHECK (bucket IN ('allowance', 'credits')),
    period_start   date NOT NULL,
    transaction_id uuid REFERENCES credit_transactions (id),
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX overage_entries_user ON overage_entries (user_id);

CREATE TABLE usage_alerts (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid NOT NULL REFERENCES users (id),
    period_start      date NOT NULL,
    alert_round       integer NOT NULL,
    threshold_percent smallint NOT NULL CHECK (threshold_percent BETWEEN 1 AND 100),
    usage_percent     numeric(5,2) NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    acknowledged_at   timestamptz,
    UNIQUE (user_id, period_start, alert_round, threshold_percent)
);
CREATE INDEX usage_alerts_created_at ON usage_alerts (created_at);

CREATE TABLE audit_log (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    actor_id   uuid REFERENCES users (id), -- null: the system or the command line
    actor_role text NOT NULL,
    action     text NOT NULL,
    entity     text NOT NULL,
    entity_id  text NOT NULL,
    before     jsonb,
    after      jsonb,
    trace_id   text
);
CREATE INDEX audit_log_created_at ON audit_log (created_at DESC, id DESC);
CREATE INDEX audit_log_entity ON audit_log (entity, entity_id, created_at DESC);

-- SPEC 3.4: the database itself refuses to change what was recorded.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER usage_events_append_only BEFORE UPDATE OR DELETE ON usage_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER usage_events_no_truncate BEFORE TRUNCATE ON usage_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER usage_events_default_no_truncate BEFORE TRUNCATE ON usage_events_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['credit_transactions', 'overage_entries', 'period_openings', 'audit_log'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
    END LOOP;
END $$;

-- One partition a customer's month; migrations and the worker keep some ahead, the default one catches the rest.
CREATE FUNCTION create_usage_partition(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', month);
    name  text := 'usage_events_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM usage_events_default WHERE local_day >= first AND local_day < first + interval '1 month') THEN
        -- Charged while no process made partitions: the default one keeps that month; nothing is lost by it.
        RAISE WARNING 'events of % stay in usage_events_default', to_char(first, 'YYYY-MM');
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF usage_events FOR VALUES FROM (%L) TO (%L)',
                   name, first, (first + interval '1 month')::date);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   name || '_no_truncate', name);
END $$;
