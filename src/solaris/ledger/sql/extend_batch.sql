-- Lists are passed as text, as in reserve_batch.
SELECT * FROM ledger_extend_batch_v1(
    $1, string_to_array($2, E'\x1f'), $3::text::bigint[], $4::text::bigint[], $5, coalesce($6, now()))
