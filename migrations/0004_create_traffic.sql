-- How calls went, a row per minute, process and model: response times and errors of the last minutes, for every process together.
-- The arrays count calls per latency band; the bands' upper bounds stand in platform/traffic.py.

CREATE TABLE traffic_minutes (
    minute           timestamptz NOT NULL,
    process_id       uuid NOT NULL,
    model            text NOT NULL,
    front_end        text NOT NULL DEFAULT '',
    requests         integer NOT NULL,
    errors           integer NOT NULL,
    proxy_ms_counts  integer[] NOT NULL,
    litellm_ms_counts integer[] NOT NULL,
    PRIMARY KEY (minute, process_id, model, front_end)
);
