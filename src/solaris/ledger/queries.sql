-- name: alert_thresholds
SELECT ledger_alert_thresholds_v1($1, $2::smallint[], coalesce($3, now()))

-- name: audit
SELECT * FROM ledger_audit_v1()

-- name: balance
-- The user is looked up by the parameter: a join on the function's rows, whose number the planner
-- can't estimate, reads all users.
SELECT b.*, u.active FROM users u CROSS JOIN ledger_balance_v1($1, coalesce($2, now())) b WHERE u.id = $1

-- name: change_allowance
SELECT * FROM ledger_change_allowance_v1($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()))

-- name: consume
SELECT * FROM ledger_consume_v2(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
    ledger_terms_v1($15, $16, $17, $18, $19, $20, $21),
    $22, $23, $24, $25, coalesce($26, now()))

-- name: count_calls
SELECT ledger_count_calls_v1()

-- name: due_holds
-- Holds with an expired lease, oldest first.
SELECT user_id, request_id FROM holds WHERE state = 'open' AND expires_at <= coalesce($1, now()) ORDER BY expires_at LIMIT $2

-- name: expire
SELECT * FROM ledger_expire_v2($1, $2, coalesce($3, now()))

-- name: extend_batch
-- Lists are passed as text, as in reserve_batch.
SELECT * FROM ledger_extend_batch_v1(
    $1, string_to_array($2, E'\x1f'), $3::text::bigint[], $4::text::bigint[], $5, coalesce($6, now()))

-- name: grant
SELECT * FROM ledger_grant_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, now()))

-- name: note
-- Stores the output tokens seen so far of open holds. No index contains the column, so the update
-- stays in its page (HOT).
WITH mine AS (
    SELECT h.user_id, h.request_id, m.output_tokens
    FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS m (user_id, request_id, output_tokens)
    JOIN holds h USING (user_id, request_id)
    WHERE h.state = 'open'
    ORDER BY h.user_id, h.request_id
    FOR UPDATE OF h SKIP LOCKED
)
UPDATE holds h
SET output_tokens = mine.output_tokens
FROM mine
WHERE h.user_id = mine.user_id AND h.request_id = mine.request_id AND h.output_tokens < mine.output_tokens

-- name: release
SELECT ledger_release_v1($1, $2, $3, coalesce($4, now()))

-- name: renew
SELECT * FROM ledger_renew_v1($1, $2, $3, $4, coalesce($5, now()))

-- name: reserve
SELECT * FROM ledger_reserve_v3(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, coalesce($17, now()))

-- name: reserve_batch
-- Lists are passed as text: numbers as an array literal, texts joined by U+001F with U+001E for null
-- (ledger/lists.py).
SELECT * FROM ledger_reserve_batch_v3(
    $1, $2::text::bigint[], $3::text::bigint[], $4::text::integer[], $5::text::integer[], $6::text::integer[],
    string_to_array($7, E'\x1f'), string_to_array($8, E'\x1f'), $9::text::bigint[], $10::text::bigint[], $11::text::bigint[],
    string_to_array($12, E'\x1f', E'\x1e'), $13, string_to_array($14, E'\x1f', E'\x1e'), string_to_array($15, E'\x1f', E'\x1e'),
    string_to_array($16, E'\x1f'), $17::text::bigint[], $18, coalesce($19, now()))

-- name: settle
SELECT * FROM ledger_settle_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'settled', coalesce($14, now()))

-- name: settle_batch
-- Lists are passed as text, as in reserve_batch.
SELECT * FROM ledger_settle_batch_v2(
    $1, $2::text::integer[], string_to_array($3, E'\x1f'), $4::text::bigint[], $5::text::bigint[], $6::text::bigint[],
    $7::text::bigint[], $8::text::bigint[], string_to_array($9, E'\x1f', E'\x1e'), $10::text::boolean[],
    string_to_array($11, E'\x1f', E'\x1e'), string_to_array($12, E'\x1f', E'\x1e'), $13::text::integer[], $14::text::integer[],
    'settled', coalesce($15, now()))

-- name: terms
SELECT ledger_terms_v1($1, $2, $3, $4, $5, $6, $7)
