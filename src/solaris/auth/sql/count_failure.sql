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
