-- Deletes failed sign-ins, which are stored under the address. Runs before the address is removed.
DELETE FROM sign_in_failures WHERE subject = (SELECT email FROM users WHERE id = $1)
