-- Who may call: users, how they sign in, their keys, and the trusted chat servers that name them.

CREATE TABLE plans (
    plan_type           text PRIMARY KEY CHECK (plan_type ~ '^[a-z0-9_-]{1,40}$'),
    name                text NOT NULL,
    monthly_tokens      integer NOT NULL CHECK (monthly_tokens BETWEEN 0 AND 1000000000),
    price_brl           numeric(12,2) NOT NULL DEFAULT 0 CHECK (price_brl >= 0),
    requests_per_minute integer CHECK (requests_per_minute > 0),
    tokens_per_minute   integer CHECK (tokens_per_minute > 0),
    sort_order          integer NOT NULL DEFAULT 0,
    active              boolean NOT NULL DEFAULT true
);

CREATE TABLE users (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email         text UNIQUE CHECK (email = lower(email)),
    name          text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    active        boolean NOT NULL DEFAULT true,
    role          text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'support', 'operator', 'admin', 'super_admin')),
    contact_email text
);
CREATE INDEX users_created_at ON users (created_at);
CREATE INDEX users_staff ON users (role) WHERE role <> 'user';

CREATE TABLE subscriptions (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid NOT NULL REFERENCES users (id),
    plan_type      text NOT NULL REFERENCES plans (plan_type),
    monthly_tokens integer NOT NULL CHECK (monthly_tokens BETWEEN 0 AND 1000000000),
    start_date     timestamptz NOT NULL DEFAULT now(),
    end_date       timestamptz,
    active         boolean NOT NULL DEFAULT true,
    CHECK (end_date IS NULL OR end_date >= start_date)
);
CREATE UNIQUE INDEX subscriptions_one_active ON subscriptions (user_id) WHERE active;
CREATE INDEX subscriptions_user ON subscriptions (user_id);
CREATE INDEX subscriptions_plan ON subscriptions (plan_type) WHERE active;

CREATE TABLE credentials (
    user_id          uuid PRIMARY KEY REFERENCES users (id),
    password_hash    text NOT NULL,
    tokens_valid_from timestamptz NOT NULL DEFAULT '-infinity', -- JWTs issued before are refused
    changed_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sign_in_failures (
    subject        text PRIMARY KEY, -- the e-mail as typed, lower case, known or not
    failures       integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    locked_until   timestamptz
);

CREATE TABLE revoked_tokens (
    jti        text PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at);

CREATE TABLE api_keys (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid NOT NULL REFERENCES users (id),
    name         text NOT NULL,
    prefix       text NOT NULL, -- the first characters, so that a person recognises the key
    key_hash     bytea NOT NULL UNIQUE, -- SHA-256: the key is random, so a slow hash adds nothing
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id, created_at);

CREATE TABLE front_end_keys (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name           text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 80),
    prefix         text NOT NULL,
    key_hash       bytea NOT NULL UNIQUE,
    kind           text NOT NULL DEFAULT 'librechat' CHECK (kind IN ('librechat', 'open_webui')),
    id_header      text NOT NULL,
    email_header   text NOT NULL,
    name_header    text NOT NULL,
    link_by_email  boolean NOT NULL DEFAULT false,
    strict         boolean NOT NULL DEFAULT false,
    signing_secret text, -- Open WebUI's shared secret; strict mode verifies its JWT with it
    block_style    text NOT NULL DEFAULT 'error' CHECK (block_style IN ('error', 'assistant_message')),
    plan_type      text REFERENCES plans (plan_type), -- null: the default plan
    created_at     timestamptz NOT NULL DEFAULT now(),
    revoked_at     timestamptz
);

CREATE TABLE identities (
    front_end_key_id uuid NOT NULL REFERENCES front_end_keys (id),
    external_id      text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 200),
    user_id          uuid NOT NULL REFERENCES users (id),
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (front_end_key_id, external_id)
);
CREATE INDEX identities_user ON identities (user_id);
