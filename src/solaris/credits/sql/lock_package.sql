-- Locks a package until the transaction ends.
SELECT FROM packages WHERE id = $1 FOR NO KEY UPDATE
