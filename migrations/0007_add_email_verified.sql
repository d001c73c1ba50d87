-- Whether the address is known to be the user's. False: a front end that checks no addresses named it at a first request; such an
-- address is a label. It neither signs in nor links, and gives way to a user whose address is verified (docs/decisions/0010).
ALTER TABLE users ADD COLUMN email_verified boolean NOT NULL DEFAULT true;
