-- Failed sign-ins are kept under the address: gone before the address is.
DELETE FROM sign_in_failures WHERE subject = (SELECT email FROM users WHERE id = $1)
