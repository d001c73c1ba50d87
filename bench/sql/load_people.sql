-- Numbers the users for the load, spreads their arrival over ninety days, and lets every twentieth buy credits once.
CREATE TEMP TABLE scale_people AS
SELECT (row_number() OVER (ORDER BY id) - 1)::int AS n, id AS user_id FROM users;
CREATE UNIQUE INDEX ON scale_people (n);
ANALYZE scale_people;

UPDATE users u SET created_at = now() - make_interval(mins => p.n % 129600)
FROM scale_people p WHERE p.user_id = u.id;

INSERT INTO credit_transactions (user_id, tokens_added, amount_paid, transaction_type, created_at, idempotency_key, fingerprint)
SELECT p.user_id, 200000, 50.00, 'purchase', now() - make_interval(mins => (p.n * 7) % 80000), 'scale-' || p.n, 'scale'
FROM scale_people p WHERE p.n % 20 = 0;
