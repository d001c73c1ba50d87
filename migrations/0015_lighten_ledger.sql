-- What a call writes, made light (docs/decisions/0031). Processes of the version before go on with functions of their own.

-- The terms on which calls are charged, one row for each that was ever used: a hold names its own by a number.
CREATE TABLE call_terms (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    route               text NOT NULL,
    model_asked         text NOT NULL,
    input_weight        numeric(12,6) NOT NULL,
    cached_input_weight numeric(12,6) NOT NULL,
    output_weight       numeric(12,6) NOT NULL,
    reasoning_weight    numeric(12,6) NOT NULL,
    conversion_factor   numeric(12,6) NOT NULL,
    digest              bytea NOT NULL UNIQUE -- SHA-256 of the rest: a model's name may be longer than an index takes
);
CREATE TRIGGER call_terms_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON call_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an event needs if its proxy is gone; in holds made before this migration, `call` has it.
ALTER TABLE holds
    ADD COLUMN terms_id         bigint NOT NULL DEFAULT 0, -- 0: see `call`
    ADD COLUMN client           text,
    ADD COLUMN front_end_key_id uuid,
    ADD COLUMN conversation_id  text,
    ADD COLUMN trace_id         text,
    ADD COLUMN attempt          text, -- tells one order from a repeat of it
    ADD COLUMN counted_tokens   bigint, -- our count of a prompt of nothing but text: prompt factors are learned from it
    ALTER COLUMN call DROP NOT NULL,
    -- A hold is made under the lock of its user's wallet, which has this constraint; users are never deleted.
    DROP CONSTRAINT holds_user_id_fkey;

-- One constraint a table, and short: every statement that writes reads each anew. States are named by the ledger's functions alone,
-- endings go through a type.
CREATE TYPE usage_ending AS ENUM ('complete', 'no_usage', 'upstream_error', 'client_gone', 'proxy_gone');
ALTER TABLE holds
    DROP CONSTRAINT holds_request_id_check, DROP CONSTRAINT holds_state_check, DROP CONSTRAINT holds_tokens_check,
    DROP CONSTRAINT holds_check,
    ADD CONSTRAINT holds_valid CHECK (
        tokens >= 0 AND length(request_id) BETWEEN 1 AND 200 AND (state = 'open') = (ended_at IS NULL));
ALTER TABLE wallets
    DROP CONSTRAINT wallets_allowance_check, DROP CONSTRAINT wallets_allowance_used_check, DROP CONSTRAINT wallets_credits_check,
    DROP CONSTRAINT wallets_held_check, DROP CONSTRAINT wallets_used_check, DROP CONSTRAINT wallets_overage_check,
    DROP CONSTRAINT wallets_check,
    ADD CONSTRAINT wallets_valid CHECK (
        allowance_used <= allowance AND least(allowance_used, credits, held, used, overage) >= 0);
ALTER TABLE usage_events
    DROP CONSTRAINT usage_events_ending_check, DROP CONSTRAINT usage_events_input_tokens_check, DROP CONSTRAINT usage_events_check,
    DROP CONSTRAINT usage_events_output_tokens_check, DROP CONSTRAINT usage_events_check1,
    DROP CONSTRAINT usage_events_tokens_charged_check, DROP CONSTRAINT usage_events_allowance_part_check,
    DROP CONSTRAINT usage_events_credits_part_check, DROP CONSTRAINT usage_events_overage_check,
    DROP CONSTRAINT usage_events_tokens_remaining_check, DROP CONSTRAINT usage_events_check2,
    ADD CONSTRAINT usage_events_valid CHECK (
        cached_input_tokens <= input_tokens AND reasoning_tokens <= output_tokens
        AND least(cached_input_tokens, reasoning_tokens, allowance_part, credits_part, overage, tokens_remaining) >= 0
        AND allowance_part + credits_part + overage = tokens_charged);
ALTER TABLE token_usage
    DROP CONSTRAINT token_usage_tokens_used_check, DROP CONSTRAINT token_usage_tokens_remaining_check,
    ADD CONSTRAINT token_usage_valid CHECK (tokens_used > 0 AND tokens_remaining >= 0);

-- Without the column that every charge changes, a day's row is changed inside its page, and no index with it.
DROP INDEX token_usage_day;
CREATE INDEX token_usage_day ON token_usage (usage_date, user_id);

-- What settling tells: the event, in short, and the wallet after it.
CREATE TYPE ledger_charge AS (
    outcome text, event_id uuid, tokens_charged bigint, allowance_part bigint, credits_part bigint, event_overage bigint,
    tokens_remaining bigint, occurred_at timestamptz, model_asked text, crossed_percent smallint[],
    period_start date, allowance bigint, allowance_used bigint, credits bigint, held bigint, used bigint, overage bigint
);
