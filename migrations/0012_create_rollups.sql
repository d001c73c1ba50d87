-- Rollups for staff's statistics, filled by the worker from the usage events (insight/usage_rollup.py), and indexes for lists of
-- 100,000 users. Everything here can be rebuilt: `solaris rollup --rebuild`.

-- The newest events are found without a cost to the settling transaction.
CREATE INDEX IF NOT EXISTS usage_events_occurred ON usage_events USING brin (occurred_at) WITH (pages_per_range = 32, autosummarize = on);

-- Which plan a user had when. Before his first subscription counts as in it; after one ended, and before the next, he has none.
CREATE VIEW subscription_spans AS
SELECT user_id, plan_type,
       CASE WHEN row_number() OVER spans = 1 THEN '-infinity' ELSE start_date END AS starts_at,
       least(coalesce(end_date, 'infinity'), coalesce(lead(start_date) OVER spans, 'infinity')) AS ends_at
FROM subscriptions
WINDOW spans AS (PARTITION BY user_id ORDER BY start_date, id);
CREATE INDEX subscriptions_spans ON subscriptions (user_id, start_date, id);

-- hour: of UTC. duration_counts: requests per band of duration; the bands' bounds stand in insight/duration_bands.py.
CREATE TABLE usage_hours (
    hour                timestamptz NOT NULL,
    local_day           date NOT NULL,
    model_asked         text NOT NULL,
    plan_type           text NOT NULL, -- '': none
    front_end_key_id    uuid,
    requests            bigint NOT NULL,
    estimated_requests  bigint NOT NULL,
    input_tokens        bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens       bigint NOT NULL,
    reasoning_tokens    bigint NOT NULL,
    tokens_charged      bigint NOT NULL,
    cost_usd            numeric NOT NULL,
    duration_counts     integer[] NOT NULL
);
CREATE UNIQUE INDEX usage_hours_key ON usage_hours
    (hour, local_day, model_asked, plan_type, coalesce(front_end_key_id, '00000000-0000-0000-0000-000000000000'));
CREATE INDEX usage_hours_day ON usage_hours (local_day);

-- The sums of usage_hours per local day: for days, weeks and months.
CREATE TABLE usage_days (LIKE usage_hours);
ALTER TABLE usage_days DROP COLUMN hour;
CREATE UNIQUE INDEX usage_days_key ON usage_days
    (local_day, model_asked, plan_type, coalesce(front_end_key_id, '00000000-0000-0000-0000-000000000000'));

CREATE TABLE traffic_hours (
    hour      timestamptz NOT NULL,
    model     text NOT NULL,
    front_end text NOT NULL,
    requests  bigint NOT NULL,
    errors    bigint NOT NULL,
    PRIMARY KEY (hour, model, front_end)
);

-- Up to where the rollups reach: what came at or after these instants is in the events and minutes alone.
CREATE TABLE rollup_progress (
    single               boolean PRIMARY KEY DEFAULT true CHECK (single),
    usage_rolled_until   timestamptz NOT NULL DEFAULT '-infinity',
    traffic_rolled_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO rollup_progress DEFAULT VALUES;

-- In lower case and without accents, as people search and sort; the extension unaccent is not everywhere.
CREATE FUNCTION folded_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(CASE WHEN octet_length(given) = char_length(given) THEN given
                      ELSE regexp_replace(normalize(given, NFD), '[\u0300-\u036f]+', '', 'g') END)
$$;
CREATE INDEX users_folded_name ON users (folded_text(name), id);
CREATE INDEX users_address ON users (coalesce(email, contact_email, ''), id);
CREATE INDEX users_inactive ON users (id) WHERE NOT active;
