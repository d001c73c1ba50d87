-- Output seen so far of a living proxy's open holds. No index holds the column: the row stays where it is in its page.
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
