-- What can be bought, and the manual way of buying it.

CREATE TABLE packages (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9_-]{1,40}$'),
    name       text NOT NULL,
    tokens     integer NOT NULL CHECK (tokens BETWEEN 1 AND 1000000000),
    amount_brl numeric(12,2) NOT NULL CHECK (amount_brl > 0),
    badge      text,
    sort_order integer NOT NULL DEFAULT 0,
    active     boolean NOT NULL DEFAULT true
);

CREATE SEQUENCE credit_request_numbers;

CREATE TABLE credit_requests (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ticket_number   text NOT NULL UNIQUE,
    user_id         uuid NOT NULL REFERENCES users (id),
    package_id      text REFERENCES packages (id),
    tokens          integer NOT NULL CHECK (tokens BETWEEN 1 AND 1000000000),
    amount_brl      numeric(12,2) CHECK (amount_brl >= 0),
    note            text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    urgency         text NOT NULL DEFAULT 'normal' CHECK (urgency IN ('low', 'normal', 'high')),
    state           text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected', 'cancelled')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    decided_at      timestamptz,
    decided_by      uuid REFERENCES users (id),
    decision_reason text,
    transaction_id  uuid REFERENCES credit_transactions (id),
    idempotency_key text,
    fingerprint     text NOT NULL,
    UNIQUE (user_id, idempotency_key)
);
CREATE INDEX credit_requests_user ON credit_requests (user_id, created_at DESC, id DESC);
CREATE INDEX credit_requests_pending ON credit_requests (created_at) WHERE state = 'pending';
