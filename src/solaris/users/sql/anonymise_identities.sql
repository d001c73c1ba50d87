-- The chat servers' names for a user, replaced: his next message there makes a new account.
UPDATE identities SET external_id = 'anonymised:' || gen_random_uuid() WHERE user_id = $1
