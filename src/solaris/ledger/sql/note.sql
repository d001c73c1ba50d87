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
