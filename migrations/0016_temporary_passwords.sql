-- Whether a password was made by staff and is still to be replaced by its owner's own.
ALTER TABLE credentials ADD COLUMN is_temporary boolean NOT NULL DEFAULT false;
