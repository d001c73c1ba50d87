-- Lists are passed as text, as in reserve_batch.
SELECT * FROM ledger_settle_batch_v2(
    $1, $2::text::integer[], string_to_array($3, E'\x1f'), $4::text::bigint[], $5::text::bigint[], $6::text::bigint[],
    $7::text::bigint[], $8::text::bigint[], string_to_array($9, E'\x1f', E'\x1e'), $10::text::boolean[],
    string_to_array($11, E'\x1f', E'\x1e'), string_to_array($12, E'\x1f', E'\x1e'), $13::text::integer[], $14::text::integer[],
    'settled', coalesce($15, now()))
