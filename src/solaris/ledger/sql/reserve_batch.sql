-- Lists come as text: numbers as an array's literal, texts joined by U+001F with U+001E for null (ledger/lists.py).
SELECT * FROM ledger_reserve_batch_v2(
    $1, $2::text::bigint[], $3::text::integer[], string_to_array($4, E'\x1f'), string_to_array($5, E'\x1f'), $6::text::bigint[],
    $7::text::bigint[], $8::text::bigint[], string_to_array($9, E'\x1f', E'\x1e'), $10, string_to_array($11, E'\x1f', E'\x1e'),
    string_to_array($12, E'\x1f', E'\x1e'), string_to_array($13, E'\x1f'), $14::text::bigint[], $15, coalesce($16, now()))
