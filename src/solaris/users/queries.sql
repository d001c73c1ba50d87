-- name: anonymise_api_keys
-- Revokes a user's keys and replaces their names.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()), name = 'anonimizada' WHERE user_id = $1

-- name: anonymise_credentials
-- No password matches any more; the row stays, since it invalidates earlier sessions.
UPDATE credentials SET password_hash = '', tokens_valid_from = now(), changed_at = now() WHERE user_id = $1

-- name: anonymise_failures
-- Deletes failed sign-ins, which are stored under the address. Runs before the address is removed.
DELETE FROM sign_in_failures WHERE subject = (SELECT email FROM users WHERE id = $1)

-- name: anonymise_identities
-- Replaces a user's ids at front ends; a later message there creates a new account.
UPDATE identities SET external_id = 'anonymised:' || gen_random_uuid() WHERE user_id = $1

-- name: anonymise_requests
-- Removes the texts of a user's credit requests, and cancels pending ones.
UPDATE credit_requests
SET note = '', decision_reason = NULL, state = CASE WHEN state = 'pending' THEN 'cancelled' ELSE state END,
    decided_at = CASE WHEN state = 'pending' THEN now() ELSE decided_at END
WHERE user_id = $1

-- name: anonymise_user
-- Replaces a user's personal data, and suspends the account.
UPDATE users
SET email = NULL, contact_email = NULL, name = 'Usuário anonimizado', active = false, suspension_reason = NULL,
    anonymised_at = now(), updated_at = now()
WHERE id = $1

-- name: anonymise_widget_tokens
-- Revokes a user's widget tokens and removes their origins.
UPDATE widget_tokens SET revoked_at = coalesce(revoked_at, now()), origin = '' WHERE user_id = $1

-- name: audit_log
-- Entries of the audit log, newest first, with the names of the actor and of the user concerned,
-- and whether that user is anonymised.
SELECT a.id, a.created_at, a.actor_id, p.name AS actor_name, p.email AS actor_email, a.actor_role, a.action, a.entity, a.entity_id,
       CASE WHEN a.entity = 'user' THEN coalesce(nullif(u.name, ''), u.email, u.contact_email) END AS entity_label, a.before, a.after, a.trace_id,
       u.anonymised_at IS NOT NULL AS anonymised
FROM audit_log a
LEFT JOIN users p ON p.id = a.actor_id
LEFT JOIN users u ON u.id = CASE a.entity
    WHEN 'user' THEN a.entity_id::uuid
    WHEN 'api_key' THEN (SELECT k.user_id FROM api_keys k WHERE k.id = a.entity_id::uuid)
    WHEN 'widget_token' THEN (SELECT t.user_id FROM widget_tokens t WHERE t.id = a.entity_id::uuid)
    WHEN 'credit_transaction' THEN (SELECT t.user_id FROM credit_transactions t WHERE t.id = a.entity_id::uuid)
    WHEN 'pending_grant' THEN (SELECT g.user_id FROM pending_grants g WHERE g.id = a.entity_id::uuid)
    WHEN 'credit_request' THEN (SELECT r.user_id FROM credit_requests r WHERE r.ticket_number = a.entity_id)
END
WHERE ($1::uuid IS NULL OR a.actor_id = $1) AND ($2::text IS NULL OR a.action = $2)
  AND ($3::text IS NULL OR starts_with(a.action, $3)) AND ($4::text IS NULL OR a.entity = $4)
  AND ($5::text IS NULL OR a.entity_id = $5)
  AND a.created_at >= $6::date::timestamptz AND ($7::date = 'infinity' OR a.created_at < ($7::date + 1)::timestamptz)
  AND (a.created_at, a.id) < ($8::timestamptz, $9::uuid)
ORDER BY a.created_at DESC, a.id DESC
LIMIT $10

-- name: edit_user
-- Sets name and contact address entered by staff; a changed field no longer follows the front end.
UPDATE users
SET name = $2, contact_email = $3, name_by_staff = name_by_staff OR name <> $2,
    contact_by_staff = contact_by_staff OR contact_email IS DISTINCT FROM $3, updated_at = now()
WHERE id = $1

-- name: end_subscription
-- Ends a user's subscription now.
UPDATE subscriptions SET active = false, end_date = greatest(now(), start_date) WHERE user_id = $1 AND active

-- name: known_plans
-- All plans in display order.
SELECT plan_type, active FROM plans ORDER BY sort_order, plan_type

-- name: restore_plan_limit
-- Sets a subscription's limit to the plan's.
UPDATE subscriptions s SET monthly_tokens = p.monthly_tokens
FROM plans p
WHERE s.user_id = $1 AND s.active AND p.plan_type = s.plan_type

-- name: staff
-- All users with a role above `user`, highest role first.
SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.created_at, u.updated_at,
       u.suspension_reason, u.anonymised_at, s.plan_type, s.monthly_tokens
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
WHERE u.role <> 'user'
ORDER BY array_position(ARRAY['super_admin', 'admin', 'operator', 'support'], u.role), lower(u.name), u.id
LIMIT 1000

-- name: user
-- One user with their active subscription.
SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.created_at, u.updated_at,
       u.suspension_reason, u.anonymised_at, s.plan_type, s.monthly_tokens
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
WHERE u.id = $1

-- name: users
-- Users whose name or address contains $1, newest first.
SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.created_at, u.updated_at,
       u.suspension_reason, u.anonymised_at, s.plan_type, s.monthly_tokens
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
WHERE $1 = '' OR position(lower($1) IN lower(u.name || ' ' || coalesce(u.email, '') || ' ' || coalesce(u.contact_email, ''))) > 0
ORDER BY u.created_at DESC, u.id DESC
LIMIT $2
