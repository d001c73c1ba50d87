-- Tokens of the counter on a chat's page: they read one user's balance and nothing else.

CREATE TABLE widget_tokens (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid NOT NULL REFERENCES users (id),
    token_hash   bytea NOT NULL UNIQUE, -- SHA-256: the token is random, so a slow hash adds nothing
    origin       text NOT NULL CHECK (length(origin) <= 300), -- the chat's page it was given to; empty: a chat server's own choice
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX widget_tokens_user ON widget_tokens (user_id, created_at);
CREATE INDEX widget_tokens_expires_at ON widget_tokens (expires_at);
