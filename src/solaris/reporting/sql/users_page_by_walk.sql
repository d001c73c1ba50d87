-- One page of the users of a plan, state and band, by a scan in sort order that checks each user's
-- standing: fast if many match. Follows the CTE `standings`.
SELECT u.id
FROM users u
CROSS JOIN LATERAL (
    SELECT FROM standings t
    WHERE t.id = u.id AND ($1::float8 IS NULL OR t.usage_percent >= $1) AND ($2::float8 IS NULL OR t.usage_percent <= $2)
      AND ($3::text IS NULL OR t.state = $3)
      AND ($4::text IS NULL OR t.id IN (SELECT s.user_id FROM subscriptions s WHERE s.active AND s.plan_type = $4))
    OFFSET 0
) AS standing
ORDER BY {order}, u.id
LIMIT $5 OFFSET $6
