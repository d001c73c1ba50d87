-- All data about one user except usage events, as JSON; no row for an unknown user.
SELECT jsonb_build_object(
    'generated_at', now(),
    'account', (SELECT to_jsonb(a) FROM (
        SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.suspension_reason, u.anonymised_at,
               u.created_at, u.updated_at) AS a),
    'password_changed_at', (SELECT changed_at FROM credentials WHERE user_id = u.id),
    'subscriptions', (SELECT coalesce(jsonb_agg(to_jsonb(s) - 'user_id' ORDER BY s.start_date), '[]') FROM subscriptions s WHERE s.user_id = u.id),
    'identities', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'front_end', f.name, 'external_id', i.external_id, 'created_at', i.created_at) ORDER BY i.created_at), '[]')
                   FROM identities i JOIN front_end_keys f ON f.id = i.front_end_key_id WHERE i.user_id = u.id),
    'api_keys', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'user_id' - 'key_hash' ORDER BY k.created_at), '[]') FROM api_keys k WHERE k.user_id = u.id),
    'wallet', (SELECT to_jsonb(w) - 'user_id' FROM wallets w WHERE w.user_id = u.id),
    'allowance_changes', (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'user_id' - 'idempotency_key' ORDER BY c.number), '[]')
                          FROM allowance_changes c WHERE c.user_id = u.id),
    'credit_transactions', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'user_id' - 'idempotency_key' - 'fingerprint'
                                                      || CASE WHEN u.anonymised_at IS NULL THEN '{}' ELSE '{"note": ""}'::jsonb END
                                                      ORDER BY t.created_at, t.id), '[]')
                            FROM credit_transactions t WHERE t.user_id = u.id),
    'credit_requests', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'user_id' - 'idempotency_key' - 'fingerprint' ORDER BY r.created_at, r.id), '[]')
                        FROM credit_requests r WHERE r.user_id = u.id),
    'alerts', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'user_id' ORDER BY l.created_at, l.id), '[]') FROM usage_alerts l WHERE l.user_id = u.id),
    'days_of_use', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'usage_date', d.usage_date, 'tokens_used', d.tokens_used, 'tokens_remaining', d.tokens_remaining)
                        ORDER BY d.usage_date), '[]') FROM token_usage d WHERE d.user_id = u.id)
)
FROM users u
WHERE u.id = $1
