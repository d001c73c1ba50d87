-- What staff may change: when each row changed last, so that nobody overwrites what he has not seen; what a suspension and an
-- anonymisation leave behind; and the changes of a running period's allowance, append-only like every record of the account book.

ALTER TABLE users
    ADD COLUMN suspension_reason text, -- null while active, or where none was given
    ADD COLUMN anonymised_at timestamptz;
ALTER TABLE plans ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE packages ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE front_end_keys ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE allowance_changes (
    id                       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    number                   bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- the order in which they were made
    user_id                  uuid NOT NULL REFERENCES users (id),
    period_start             date NOT NULL,
    tokens                   bigint NOT NULL, -- added to the period's allowance; negative: taken off
    kind                     text NOT NULL CHECK (kind IN ('limit', 'plan', 'reset')),
    limit_tokens             bigint NOT NULL CHECK (limit_tokens >= 0), -- the period's limit from here on
    forgiven_tokens          bigint NOT NULL CHECK (forgiven_tokens >= 0), -- of the period's use from the allowance, by resets so far
    forgiven_credits_tokens  bigint NOT NULL CHECK (forgiven_credits_tokens >= 0), -- of its other use, given back to the credits
    transaction_id           uuid REFERENCES credit_transactions (id), -- a reset's compensation, where credits had been used
    reason                   text NOT NULL,
    actor_id                 uuid REFERENCES users (id), -- null: the command line
    idempotency_key          text UNIQUE,
    created_at               timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX allowance_changes_user ON allowance_changes (user_id, period_start, number DESC);
CREATE TRIGGER allowance_changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON allowance_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE INDEX audit_log_actor ON audit_log (actor_id, created_at DESC, id DESC);
CREATE INDEX credit_requests_created_at ON credit_requests (created_at DESC, id DESC);
CREATE INDEX credit_requests_transaction ON credit_requests (transaction_id);

-- What was paid counts where something was sold: a bonus with an amount beside it is no revenue.
CREATE OR REPLACE VIEW reporting.revenue_daily AS
SELECT (created_at)::date AS local_day, count(*) FILTER (WHERE transaction_type = 'purchase') AS purchases,
       coalesce(sum(amount_paid) FILTER (WHERE transaction_type IN ('purchase', 'refund')), 0) AS revenue_brl,
       sum(tokens_added) AS tokens_added
FROM public.credit_transactions
GROUP BY 1;
