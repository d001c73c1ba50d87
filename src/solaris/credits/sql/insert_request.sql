-- A credit request with the next ticket number, whose year is the customer's (session time zone).
-- A repeated idempotency key inserts nothing.
INSERT INTO credit_requests (ticket_number, user_id, package_id, tokens, amount_brl, note, urgency, idempotency_key, fingerprint, created_at)
SELECT 'SOL-' || to_char(t.at, 'YYYY') || '-' || lpad(number::text, greatest(6, length(number::text)), '0'), $1, $2, $3, $4, $5, $6, $7, $8, t.at
FROM (SELECT coalesce($9::timestamptz, now()) AS at, nextval('credit_request_numbers') AS number) AS t
ON CONFLICT (user_id, idempotency_key) DO NOTHING
RETURNING *
