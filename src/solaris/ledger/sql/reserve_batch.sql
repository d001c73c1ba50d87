-- Lists are passed as text: numbers as an array literal, texts joined by U+001F with U+001E for null
-- (ledger/lists.py).
SELECT * FROM ledger_reserve_batch_v3(
    $1, $2::text::bigint[], $3::text::bigint[], $4::text::integer[], $5::text::integer[], $6::text::integer[],
    string_to_array($7, E'\x1f'), string_to_array($8, E'\x1f'), $9::text::bigint[], $10::text::bigint[], $11::text::bigint[],
    string_to_array($12, E'\x1f', E'\x1e'), $13, string_to_array($14, E'\x1f', E'\x1e'), string_to_array($15, E'\x1f', E'\x1e'),
    string_to_array($16, E'\x1f'), $17::text::bigint[], $18, coalesce($19, now()))
