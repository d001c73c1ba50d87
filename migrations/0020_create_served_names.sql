-- What LiteLLM answers to beside plain models, as the proxy read it last: patterns such as openai/*, and aliases with the models
-- they stand for. The administration shows it, and a proxy that starts while LiteLLM can't say it goes on with it.
CREATE TABLE served_names (
    name    text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
    targets text[] NOT NULL DEFAULT '{}', -- of an alias; empty for a pattern
    read_at timestamptz NOT NULL DEFAULT now()
);
