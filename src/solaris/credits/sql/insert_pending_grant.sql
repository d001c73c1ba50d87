-- A grant that waits for a second person.
INSERT INTO pending_grants (user_id, tokens, amount_brl, transaction_type, reason, ticket_number, note, causes, asked_by,
                            idempotency_key, fingerprint)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id
