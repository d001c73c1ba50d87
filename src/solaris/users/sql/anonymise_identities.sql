-- Replaces a user's ids at front ends; a later message there creates a new account.
UPDATE identities SET external_id = 'anonymised:' || gen_random_uuid() WHERE user_id = $1
