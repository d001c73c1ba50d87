-- Holds that grow with their stream, a bound on each user's calls in progress, and what the last refused call would have needed.

ALTER TABLE wallets
    ADD COLUMN open_calls     integer NOT NULL DEFAULT 0, -- open holds
    ADD COLUMN refused_tokens bigint NOT NULL DEFAULT 0, -- what the last call needed, where it was refused for lack of tokens
    DROP CONSTRAINT wallets_valid,
    ADD CONSTRAINT wallets_valid CHECK (
        allowance_used <= allowance AND least(allowance_used, credits, held, used, overage, open_calls, refused_tokens) >= 0);
LOCK TABLE holds IN SHARE ROW EXCLUSIVE MODE;
UPDATE wallets w SET open_calls = h.calls
FROM (SELECT user_id, count(*) AS calls FROM holds WHERE state = 'open' GROUP BY user_id) AS h
WHERE w.user_id = h.user_id;

-- A stream that the wallet could not follow any more.
ALTER TYPE usage_ending ADD VALUE 'out_of_tokens';
