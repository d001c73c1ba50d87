-- What providers count of prompts against what our tokenizers count, per model; the job `learn_prompt_factors` keeps it.
CREATE TABLE prompt_factors (
    model          text PRIMARY KEY,
    factor         numeric(8,4) NOT NULL CHECK (factor > 0),
    samples        bigint NOT NULL, -- all that were ever taken
    counted_tokens numeric(20,4) NOT NULL, -- by us; older samples weigh less
    told_tokens    numeric(20,4) NOT NULL, -- by the provider, of the same prompts
    learned_until  timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now()
);

-- Events are appended in their order: a few kilobytes find the last minutes among millions, at no cost to those who charge.
CREATE INDEX usage_events_occurred ON usage_events USING brin (occurred_at) WITH (pages_per_range = 32, autosummarize = on);
