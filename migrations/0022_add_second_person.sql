-- Grants that need a second person, and the rules that say which ones do.

CREATE TABLE approval_rules (
    only_row                    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- more tokens than this for one user within 24 hours need a second person; 0: no amount does
    second_person_above_tokens  bigint NOT NULL DEFAULT 1000000 CHECK (second_person_above_tokens BETWEEN 0 AND 1000000000),
    -- whether a sale below the package's price needs one
    second_person_below_price   boolean NOT NULL DEFAULT true,
    updated_at                  timestamptz NOT NULL DEFAULT now(),
    updated_by                  uuid REFERENCES users (id)
);
INSERT INTO approval_rules DEFAULT VALUES;

CREATE TABLE pending_grants (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid NOT NULL REFERENCES users (id),
    tokens           integer NOT NULL CHECK (tokens BETWEEN 1 AND 1000000000),
    amount_brl       numeric(12,2) NOT NULL CHECK (amount_brl >= 0),
    transaction_type text NOT NULL CHECK (transaction_type IN ('purchase', 'bonus', 'adjustment')),
    reason           text CHECK (reason IN ('compra_email', 'promocional', 'ajuste_manual')), -- null: a credit request
    ticket_number    text REFERENCES credit_requests (ticket_number),
    note             text NOT NULL DEFAULT '' CHECK (length(note) <= 500), -- of a request: the message to the user
    causes           text[] NOT NULL CHECK (cardinality(causes) > 0), -- why one person is not enough
    asked_by         uuid NOT NULL REFERENCES users (id),
    asked_at         timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL DEFAULT now() + interval '7 days',
    idempotency_key  text UNIQUE,
    fingerprint      text NOT NULL,
    state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected', 'cancelled', 'expired')),
    decided_by       uuid REFERENCES users (id),
    decided_at       timestamptz,
    decision_reason  text,
    transaction_id   uuid UNIQUE REFERENCES credit_transactions (id),
    CHECK ((reason IS NULL) <> (ticket_number IS NULL)),
    CHECK ((state = 'pending') = (decided_at IS NULL)),
    CHECK ((state = 'approved') = (transaction_id IS NOT NULL)),
    -- The rule itself, kept by the database too: asking, receiving and approving are never one person's.
    CHECK (asked_by <> user_id),
    CHECK (state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> asked_by AND decided_by <> user_id))
);
CREATE INDEX pending_grants_asked_at ON pending_grants (asked_at DESC, id DESC);
CREATE INDEX pending_grants_due ON pending_grants (expires_at) WHERE state = 'pending';
CREATE INDEX pending_grants_user ON pending_grants (user_id);
CREATE UNIQUE INDEX pending_grants_one_per_request ON pending_grants (ticket_number) WHERE state = 'pending';
CREATE INDEX credit_transactions_actor ON credit_transactions (actor_id, user_id, created_at) WHERE actor_id IS NOT NULL;

-- pending → approved, rejected, cancelled or expired, once; what was asked for never changes.
CREATE FUNCTION check_pending_grant_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'pending' OR NEW.state = 'pending'
       OR (NEW.id, NEW.user_id, NEW.tokens, NEW.amount_brl, NEW.transaction_type, NEW.note, NEW.asked_by, NEW.asked_at, NEW.fingerprint)
          IS DISTINCT FROM
          (OLD.id, OLD.user_id, OLD.tokens, OLD.amount_brl, OLD.transaction_type, OLD.note, OLD.asked_by, OLD.asked_at, OLD.fingerprint) THEN
        RAISE EXCEPTION 'pending_grants: only a decision on a pending grant is allowed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pending_grants_decided_once BEFORE UPDATE ON pending_grants
    FOR EACH ROW EXECUTE FUNCTION check_pending_grant_change();
CREATE TRIGGER pending_grants_kept BEFORE DELETE OR TRUNCATE ON pending_grants
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
