-- What models write, and providers charge, that no caller sees: per model, over the calls whose usage was told. Proxies add to it.
CREATE TABLE hidden_output (
    model         text PRIMARY KEY,
    samples       bigint NOT NULL CHECK (samples >= 0), -- all that were ever taken
    calls         numeric(20,4) NOT NULL CHECK (calls > 0), -- older ones weigh less
    hidden_tokens numeric(20,4) NOT NULL CHECK (hidden_tokens >= 0),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
