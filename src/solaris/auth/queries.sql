-- name: api_key
-- The user of an API key with their plan's rates. Updates last_used_at at most every five minutes,
-- so that not every call writes.
WITH found AS (
    SELECT k.id, k.name, k.last_used_at, u.id AS user_id, u.role, u.active
    FROM api_keys k
    JOIN users u ON u.id = k.user_id
    WHERE k.key_hash = $1 AND k.revoked_at IS NULL
), noted AS (
    UPDATE api_keys SET last_used_at = now()
    WHERE id = (SELECT id FROM found WHERE last_used_at IS NULL OR last_used_at < now() - interval '5 minutes')
)
SELECT f.user_id, f.role, f.active, f.name, r.requests_per_minute, r.tokens_per_minute, r.concurrent_calls
FROM found f
JOIN user_rates r ON r.user_id = f.user_id

-- name: api_keys
-- A user's keys in force, newest first.
SELECT id, name, prefix, created_at, last_used_at
FROM api_keys
WHERE user_id = $1 AND revoked_at IS NULL
ORDER BY created_at DESC, id

-- name: count_failure
-- Counts a failed sign-in of the address $1 at time $2. Failures older than $3, the length of a
-- lock, do not count; failure number $4 locks. Returns whether the address is locked now.
INSERT INTO sign_in_failures AS f (subject, failures, last_failed_at, locked_until)
VALUES ($1, 1, $2::timestamptz, CASE WHEN $4::integer <= 1 THEN $2::timestamptz + $3::interval END)
ON CONFLICT (subject) DO UPDATE
SET failures = CASE
        WHEN f.last_failed_at < $2::timestamptz - $3::interval OR f.locked_until <= $2::timestamptz THEN 1
        ELSE f.failures + 1
    END,
    locked_until = CASE
        WHEN f.locked_until > $2::timestamptz THEN f.locked_until
        WHEN f.last_failed_at < $2::timestamptz - $3::interval OR f.locked_until <= $2::timestamptz THEN NULL
        WHEN f.failures + 1 >= $4::integer THEN $2::timestamptz + $3::interval
    END,
    last_failed_at = $2::timestamptz
RETURNING locked_until IS NOT NULL

-- name: count_new_account
-- Counts a new account of the front end $1 today; no row if its limit ($2 without its own limit) is
-- reached. The row stays locked until the commit, which serialises new accounts of one front end.
INSERT INTO new_account_days AS d (front_end_key_id, local_day, accounts)
SELECT f.id, current_date, 1 FROM front_end_keys f WHERE f.id = $1 AND coalesce(f.new_accounts_per_day, $2) > 0
ON CONFLICT (front_end_key_id, local_day) DO UPDATE SET accounts = d.accounts + 1
WHERE d.accounts < (SELECT coalesce(f.new_accounts_per_day, $2) FROM front_end_keys f WHERE f.id = $1)
RETURNING d.accounts

-- name: credentials
-- The password of the user with this verified address.
SELECT c.user_id, c.password_hash, c.is_temporary
FROM users u
JOIN credentials c ON c.user_id = u.id
WHERE u.email = $1 AND u.email_verified

-- name: delete_ended_sign_ins
-- Deletes revocations of expired tokens, failures that no longer count, and widget tokens that
-- ended a month ago.
WITH tokens AS (
    DELETE FROM revoked_tokens WHERE expires_at < $1::timestamptz RETURNING 1
), failures AS (
    DELETE FROM sign_in_failures
    WHERE last_failed_at < $1 - interval '1 day' AND (locked_until IS NULL OR locked_until < $1)
    RETURNING 1
), widgets AS (
    DELETE FROM widget_tokens WHERE expires_at < $1 - interval '30 days' RETURNING 1
)
SELECT (SELECT count(*) FROM tokens) + (SELECT count(*) FROM failures) + (SELECT count(*) FROM widgets)

-- name: edit_front_end
-- Changes a front end, but not its key; no row if another front end has the name.
UPDATE front_end_keys f
SET name = $2, id_header = $3, email_header = $4, name_header = $5, link_by_email = $6, strict = $7, signing_secret = $8,
    block_style = $9, plan_type = $10, new_accounts_per_day = $11, updated_at = now()
WHERE f.id = $1 AND NOT EXISTS (SELECT FROM front_end_keys o WHERE o.name = $2 AND o.id <> $1)
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at

-- name: end_old_widget_tokens
-- Revokes a user's widget tokens in force except the $2 newest.
UPDATE widget_tokens SET revoked_at = now()
WHERE id IN (
    SELECT id FROM widget_tokens
    WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
    ORDER BY created_at DESC, id DESC
    OFFSET $2
)

-- name: end_sessions
-- Invalidates all tokens of a user issued before $2.
UPDATE credentials SET tokens_valid_from = greatest(tokens_valid_from, $2) WHERE user_id = $1

-- name: follow_profile
-- Updates a user's name ($2; empty: keep) and address ($3; null: keep) from the front end that
-- created the account; values entered by staff stay. $4: the front end verifies addresses. If the
-- account's address is verified, or with $4, the new one becomes the contact address. Otherwise it
-- replaces the address, or becomes the contact address if another user has it
-- (docs/decisions/0010 and 0122).
WITH stored AS (
    SELECT u.*,
           CASE WHEN $2::text = '' OR u.name_by_staff THEN u.name ELSE $2 END AS new_name,
           $3::text IS NOT NULL AND NOT u.contact_by_staff AND $3 IS DISTINCT FROM coalesce(u.contact_email, u.email) AS moves,
           NOT $4::boolean AND (u.email IS NULL OR NOT u.email_verified) AS is_claim,
           NOT EXISTS (SELECT FROM users o WHERE o.email = $3 AND o.id <> u.id) AS is_free
    FROM users u
    WHERE u.id = $1 AND u.role = 'user' AND u.anonymised_at IS NULL
      AND NOT EXISTS (SELECT FROM credentials c WHERE c.user_id = u.id)
    FOR NO KEY UPDATE
)
UPDATE users u
SET name = s.new_name,
    email = CASE WHEN NOT (s.moves AND s.is_claim) THEN u.email WHEN s.is_free THEN $3 END,
    email_verified = CASE WHEN s.moves AND s.is_claim THEN NOT s.is_free ELSE u.email_verified END,
    contact_email = CASE WHEN NOT s.moves THEN u.contact_email
                         WHEN s.is_claim AND s.is_free THEN NULL
                         WHEN s.is_claim THEN $3
                         ELSE nullif($3, u.email) END,
    updated_at = now()
FROM stored s
WHERE u.id = s.id AND (s.moves OR s.new_name <> u.name)
RETURNING s.moves AS address_changed, s.new_name <> s.name AS name_changed

-- name: front_end
-- The active front end with this key.
SELECT id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
       new_accounts_per_day, created_at, updated_at, revoked_at
FROM front_end_keys
WHERE key_hash = $1 AND revoked_at IS NULL

-- name: front_end_by_id
-- One front end, locked until the transaction ends.
SELECT id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
       new_accounts_per_day, created_at, updated_at, revoked_at
FROM front_end_keys
WHERE id = $1
FOR NO KEY UPDATE

-- name: front_ends
-- All front ends, newest first.
SELECT id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at
FROM front_end_keys
ORDER BY created_at DESC, id
LIMIT 1000

-- name: identity
-- The user with this id at this front end, with their plan's limits, name and address.
-- profile_follows: name and address follow the front end, which created the account; false once the
-- user has a password.
SELECT u.id, u.active, r.requests_per_minute, r.tokens_per_minute, r.concurrent_calls, u.name, u.email, u.contact_email,
       u.name_by_staff, u.contact_by_staff,
       i.made_account AND u.role = 'user' AND NOT EXISTS (SELECT FROM credentials c WHERE c.user_id = u.id) AS profile_follows
FROM identities i
JOIN users u ON u.id = i.user_id
JOIN user_rates r ON r.user_id = u.id
WHERE i.front_end_key_id = $1 AND i.external_id = $2

-- name: insert_api_key
-- A new API key.
INSERT INTO api_keys (user_id, name, prefix, key_hash)
VALUES ($1, $2, $3, $4)
RETURNING id, name, prefix, created_at, last_used_at

-- name: insert_front_end
-- A new front end; no row if the name is taken.
INSERT INTO front_end_keys (name, prefix, key_hash, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret,
                            block_style, plan_type, new_accounts_per_day)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at

-- name: insert_user
-- A new user; no row if another user has the address.
INSERT INTO users (email, contact_email, email_verified, name, role)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING
RETURNING id

-- name: insert_widget_token
-- A new widget token, valid for $4.
INSERT INTO widget_tokens (user_id, token_hash, origin, expires_at)
VALUES ($1, $2, $3, now() + $4::interval)
RETURNING id, origin, created_at, expires_at

-- name: new_account_room
-- The new accounts per day of the front end $1 ($2 without its own limit), and whether another one
-- is allowed today.
SELECT coalesce(f.new_accounts_per_day, $2) AS max_accounts, coalesce(d.accounts, 0) < coalesce(f.new_accounts_per_day, $2) AS has_room
FROM front_end_keys f
LEFT JOIN new_account_days d ON d.front_end_key_id = f.id AND d.local_day = current_date
WHERE f.id = $1

-- name: new_accounts_today
-- Today's new accounts by front end, and when one was last refused.
SELECT front_end_key_id, accounts, refused_at FROM new_account_days WHERE local_day = current_date

-- name: record_change
-- One line of the audit log.
INSERT INTO audit_log (actor_id, actor_role, action, entity, entity_id, before, after, trace_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: record_refused_account
-- Records that the front end $1 was refused a new account today at the limit $2; returns a row only
-- the first time per day and limit.
INSERT INTO new_account_days AS d (front_end_key_id, local_day, refused_at, refused_limit)
SELECT $1, current_date, now(), $2::integer
WHERE NOT EXISTS (
    SELECT FROM new_account_days k WHERE k.front_end_key_id = $1 AND k.local_day = current_date AND k.refused_limit = $2
)
ON CONFLICT (front_end_key_id, local_day) DO UPDATE SET refused_at = now(), refused_limit = excluded.refused_limit
WHERE d.refused_limit IS DISTINCT FROM excluded.refused_limit
RETURNING d.local_day

-- name: release_claimed_email
-- Frees an unverified address for a user who has verified it; its holder keeps it as contact.
UPDATE users SET email = NULL, contact_email = email, email_verified = true, updated_at = now()
WHERE email = $1 AND NOT email_verified
RETURNING id

-- name: revoke_api_key
-- Revokes a user's key; no row if the user has no such key in force.
UPDATE api_keys SET revoked_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
RETURNING name, prefix

-- name: revoke_front_end
-- Revokes a front end's key; a repeat keeps the time of the first revocation.
UPDATE front_end_keys SET revoked_at = coalesce(revoked_at, now()), updated_at = now()
WHERE name = $1
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at

-- name: revoke_widget_token
-- Revokes a user's widget token; no row if the user has no such token in force.
UPDATE widget_tokens SET revoked_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > now()
RETURNING origin

-- name: rotate_front_end
-- Replaces a front end's key; a revoked front end becomes active again.
UPDATE front_end_keys SET prefix = $2, key_hash = $3, revoked_at = NULL, updated_at = now()
WHERE name = $1
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at

-- name: set_password
-- Sets a user's password and invalidates tokens issued before $3 (null: now). $4: it is temporary,
-- and the user has to change it.
INSERT INTO credentials (user_id, password_hash, tokens_valid_from, changed_at, is_temporary)
VALUES ($1, $2, coalesce($3, now()), now(), $4)
ON CONFLICT (user_id) DO UPDATE
SET password_hash = excluded.password_hash, tokens_valid_from = excluded.tokens_valid_from, changed_at = now(),
    is_temporary = excluded.is_temporary

-- name: subscribe
-- Subscribes a user to an active plan; no row if there is no such plan.
INSERT INTO subscriptions (user_id, plan_type, monthly_tokens)
SELECT $1, plan_type, monthly_tokens FROM plans WHERE plan_type = $2 AND active
RETURNING id

-- name: token_state
-- Role and state of a token's user, their plan's rates, and whether the token $2, issued at $3, is
-- revoked.
SELECT u.role, u.active, r.requests_per_minute, r.tokens_per_minute, r.concurrent_calls, coalesce(c.is_temporary, false) AS must_change_password,
       coalesce($3 < c.tokens_valid_from, false) OR EXISTS (SELECT FROM revoked_tokens WHERE jti = $2) AS revoked
FROM users u
JOIN user_rates r ON r.user_id = u.id
LEFT JOIN credentials c ON c.user_id = u.id
WHERE u.id = $1

-- name: widget_token
-- The user of a widget token in force.
SELECT u.id AS user_id, u.active, w.id
FROM widget_tokens w
JOIN users u ON u.id = w.user_id
LEFT JOIN credentials c ON c.user_id = u.id
WHERE w.token_hash = $1 AND w.revoked_at IS NULL AND w.expires_at > now()
  AND w.created_at >= coalesce(c.tokens_valid_from, '-infinity')

-- name: widget_tokens
-- A user's widget tokens in force: not those issued before the last password change.
SELECT w.id, w.origin, w.created_at, w.expires_at
FROM widget_tokens w
LEFT JOIN credentials c ON c.user_id = w.user_id
WHERE w.user_id = $1 AND w.revoked_at IS NULL AND w.expires_at > now()
  AND w.created_at >= coalesce(c.tokens_valid_from, '-infinity')
ORDER BY w.created_at DESC, w.id DESC
