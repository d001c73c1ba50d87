-- name: active_packages
-- The packages on sale, in display order.
SELECT id, name, tokens, amount_brl, badge FROM packages WHERE active ORDER BY sort_order, tokens, id

-- name: approval_rules
-- The only row of rules, with the name of the last editor.
SELECT r.second_person_above_tokens, r.second_person_below_price, r.updated_at, r.updated_by,
       coalesce(nullif(u.name, ''), u.email) AS updated_by_name
FROM approval_rules r
LEFT JOIN users u ON u.id = r.updated_by

-- name: approve_request
-- Approves a pending request and stores the amount paid as its price.
UPDATE credit_requests
SET state = 'approved', decided_at = now(), decided_by = $2, decision_reason = $3, transaction_id = $4, amount_brl = $5
WHERE ticket_number = $1

-- name: cancel_request
-- Cancels a user's pending request; no row if it is not pending.
UPDATE credit_requests SET state = 'cancelled', decided_at = now(), decided_by = $1
WHERE user_id = $1 AND ticket_number = $2 AND state = 'pending'
RETURNING *

-- name: decide_pending_grant
-- Sets the final state of a pending grant. A trigger refuses a second decision.
UPDATE pending_grants
SET state = $2, decided_by = $3, decided_at = now(), decision_reason = $4, transaction_id = $5
WHERE id = $1

-- name: due_pending_grants
-- Pending grants past their expiry, locked; rows locked by other transactions are skipped.
SELECT id FROM pending_grants
WHERE state = 'pending' AND expires_at <= now()
ORDER BY expires_at
LIMIT $1
FOR UPDATE SKIP LOCKED

-- name: edit_approval_rules
-- Sets the rules. clock_timestamp() keeps updated_at different between overlapping transactions.
UPDATE approval_rules
SET second_person_above_tokens = $1, second_person_below_price = $2, updated_by = $3, updated_at = clock_timestamp()

-- name: edit_package
-- Updates a package.
UPDATE packages SET name = $2, tokens = $3, amount_brl = $4, badge = $5, sort_order = $6, active = $7, updated_at = now()
WHERE id = $1

-- name: edit_plan
-- Updates a plan.
UPDATE plans
SET name = $2, monthly_tokens = $3, price_brl = $4, requests_per_minute = $5, tokens_per_minute = $6, concurrent_calls = $7,
    sort_order = $8, active = $9, updated_at = now()
WHERE plan_type = $1

-- name: grant_receipt
-- The recorded result of a grant, from the audit entry written in its transaction.
SELECT after FROM audit_log
WHERE entity = 'credit_transaction' AND entity_id = $1 AND action = $2
ORDER BY created_at
LIMIT 1

-- name: granted_by_one_person
-- Tokens that one staff member granted to one user in the last 24 hours without a second person.
SELECT coalesce(sum(t.tokens_added), 0)::bigint
FROM credit_transactions t
WHERE t.actor_id = $1 AND t.user_id = $2 AND t.tokens_added > 0 AND t.created_at > now() - interval '24 hours'
  AND t.transaction_type IN ('purchase', 'bonus', 'adjustment')
  AND NOT EXISTS (SELECT FROM pending_grants p WHERE p.transaction_id = t.id)

-- name: insert_package
-- A new package; no row if the id exists.
INSERT INTO packages (id, name, tokens, amount_brl, badge, sort_order, active)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING
RETURNING id

-- name: insert_pending_grant
-- A grant that waits for a second person.
INSERT INTO pending_grants (user_id, tokens, amount_brl, transaction_type, reason, ticket_number, note, causes, asked_by,
                            idempotency_key, fingerprint)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id

-- name: insert_plan
-- A new plan; no row if the plan_type exists.
INSERT INTO plans (plan_type, name, monthly_tokens, price_brl, requests_per_minute, tokens_per_minute, concurrent_calls,
                   sort_order, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (plan_type) DO NOTHING
RETURNING plan_type

-- name: insert_request
-- A credit request with the next ticket number, whose year is the customer's (session time zone).
-- A repeated idempotency key inserts nothing.
INSERT INTO credit_requests (ticket_number, user_id, package_id, tokens, amount_brl, note, urgency, idempotency_key, fingerprint, created_at)
SELECT 'SOL-' || to_char(t.at, 'YYYY') || '-' || lpad(number::text, greatest(6, length(number::text)), '0'), $1, $2, $3, $4, $5, $6, $7, $8, t.at
FROM (SELECT coalesce($9::timestamptz, now()) AS at, nextval('credit_request_numbers') AS number) AS t
ON CONFLICT (user_id, idempotency_key) DO NOTHING
RETURNING *

-- name: lock_package
-- Locks a package until the transaction ends.
SELECT FROM packages WHERE id = $1 FOR NO KEY UPDATE

-- name: lock_plan
-- Locks a plan until the transaction ends.
SELECT FROM plans WHERE plan_type = $1 FOR NO KEY UPDATE

-- name: packages
-- All packages in display order, or the one with id $1.
SELECT id, name, tokens, amount_brl, badge, sort_order, active, updated_at
FROM packages
WHERE $1::text IS NULL OR id = $1
ORDER BY sort_order, tokens, id

-- name: pending_grants
-- Grants that need a second person, newest first: all, or filtered by id, key or state. Pending
-- ones past their expiry are returned as expired.
SELECT g.id, g.user_id, g.tokens, g.amount_brl, g.transaction_type, g.reason, g.ticket_number, g.note, g.causes, g.asked_by, g.asked_at,
       g.expires_at, g.fingerprint, g.decided_by, g.decided_at, g.decision_reason, g.transaction_id, g.state,
       u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(a.name, ''), a.email) AS asked_by_name, coalesce(nullif(d.name, ''), d.email) AS decided_by_name
FROM (
    SELECT p.id, p.user_id, p.tokens, p.amount_brl, p.transaction_type, p.reason, p.ticket_number, p.note, p.causes, p.asked_by,
           p.asked_at, p.expires_at, p.fingerprint, p.decided_by, p.decided_at, p.decision_reason, p.transaction_id, p.idempotency_key,
           CASE WHEN p.state = 'pending' AND p.expires_at <= now() THEN 'expired' ELSE p.state END AS state
    FROM pending_grants p
) g
JOIN users u ON u.id = g.user_id
JOIN users a ON a.id = g.asked_by
LEFT JOIN users d ON d.id = g.decided_by
WHERE ($1::uuid IS NULL OR g.id = $1) AND ($2::text IS NULL OR g.idempotency_key = $2) AND ($3::text IS NULL OR g.state = $3)
  AND (g.asked_at, g.id) < ($4::timestamptz, $5::uuid)
ORDER BY g.asked_at DESC, g.id DESC
LIMIT $6

-- name: plans
-- All plans in display order, or the one named $1, with the number of subscribers.
SELECT p.plan_type, p.name, p.monthly_tokens, p.price_brl, p.requests_per_minute, p.tokens_per_minute,
       p.concurrent_calls, p.sort_order, p.active,
       p.updated_at, (SELECT count(*) FROM subscriptions s WHERE s.plan_type = p.plan_type AND s.active) AS subscribers
FROM plans p
WHERE $1::text IS NULL OR p.plan_type = $1
ORDER BY p.sort_order, p.plan_type

-- name: recent_package_edits
-- Audit entries of packages of the last $1 days, newest first.
SELECT entity_id, actor_id, before
FROM audit_log
WHERE entity = 'package' AND created_at > now() - make_interval(days => $1)
ORDER BY created_at DESC, id DESC

-- name: reject_request
-- Rejects a pending request.
UPDATE credit_requests SET state = 'rejected', decided_at = now(), decided_by = $2, decision_reason = $3 WHERE ticket_number = $1

-- name: requests_page
-- One user's credit requests, newest first, after a cursor.
SELECT * FROM credit_requests
WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $4

-- name: staff_request
-- One credit request with its user, its decider, and its pending grant, if any.
SELECT r.*, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(d.name, ''), d.email) AS decided_by_name,
       g.id AS pending_grant_id, g.asked_by, coalesce(nullif(a.name, ''), a.email) AS asked_by_name
FROM credit_requests r
JOIN users u ON u.id = r.user_id
LEFT JOIN users d ON d.id = r.decided_by
LEFT JOIN pending_grants g ON g.ticket_number = r.ticket_number AND g.state = 'pending' AND g.expires_at > now()
LEFT JOIN users a ON a.id = g.asked_by
WHERE r.ticket_number = $1

-- name: staff_requests_page
-- Credit requests with user, decider and pending grant, newest first, after a cursor.
SELECT r.*, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(d.name, ''), d.email) AS decided_by_name,
       g.id AS pending_grant_id, g.asked_by, coalesce(nullif(a.name, ''), a.email) AS asked_by_name
FROM credit_requests r
JOIN users u ON u.id = r.user_id
LEFT JOIN users d ON d.id = r.decided_by
LEFT JOIN pending_grants g ON g.ticket_number = r.ticket_number AND g.state = 'pending' AND g.expires_at > now()
LEFT JOIN users a ON a.id = g.asked_by
WHERE ($1::text IS NULL OR r.state = $1) AND ($2::text IS NULL OR r.urgency = $2) AND ($3::uuid IS NULL OR r.user_id = $3)
  AND r.created_at >= $4::date::timestamptz AND ($5::date = 'infinity' OR r.created_at < ($5::date + 1)::timestamptz)
  AND (r.created_at, r.id) < ($6::timestamptz, $7::uuid)
ORDER BY r.created_at DESC, r.id DESC
LIMIT $8

-- name: staff_transactions_page
-- Credit transactions of all users with user, actor and request, newest first, after a cursor.
SELECT t.id, t.user_id, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email, t.transaction_type, t.tokens_added,
       t.amount_paid, CASE WHEN u.anonymised_at IS NULL THEN t.note ELSE '' END AS note, t.created_at, t.actor_id, coalesce(nullif(a.name, ''), a.email) AS actor_name, r.ticket_number,
       r.package_id
FROM credit_transactions t
JOIN users u ON u.id = t.user_id
LEFT JOIN users a ON a.id = t.actor_id
LEFT JOIN credit_requests r ON r.transaction_id = t.id
WHERE ($1::uuid IS NULL OR t.user_id = $1) AND ($2::text IS NULL OR t.transaction_type = $2)
  AND ($3::uuid IS NULL OR t.actor_id = $3)
  AND t.created_at >= $4::date::timestamptz AND ($5::date = 'infinity' OR t.created_at < ($5::date + 1)::timestamptz)
  AND (t.created_at, t.id) < ($6::timestamptz, $7::uuid)
ORDER BY t.created_at DESC, t.id DESC
LIMIT $8

-- name: transactions_page
-- One user's credit transactions, newest first, after a cursor.
SELECT id, transaction_type, tokens_added, amount_paid, note, created_at FROM credit_transactions
WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $4
