-- Model calls that a user may have in progress at the same time, by plan. A user without a subscription has the smallest of the
-- plans on offer.
ALTER TABLE plans ADD COLUMN concurrent_calls integer NOT NULL DEFAULT 20 CHECK (concurrent_calls BETWEEN 1 AND 10000);

CREATE OR REPLACE VIEW user_rates AS
SELECT u.id AS user_id,
       CASE WHEN p.plan_type IS NULL
            THEN (SELECT min(requests_per_minute) FROM plans WHERE active) ELSE p.requests_per_minute END AS requests_per_minute,
       CASE WHEN p.plan_type IS NULL
            THEN (SELECT min(tokens_per_minute) FROM plans WHERE active) ELSE p.tokens_per_minute END AS tokens_per_minute,
       coalesce(p.concurrent_calls, (SELECT min(concurrent_calls) FROM plans WHERE active), 20) AS concurrent_calls
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
LEFT JOIN plans p ON p.plan_type = s.plan_type;

-- How many accounts a front end may make a day; null: SOLARIS_NEW_ACCOUNTS_PER_DAY.
ALTER TABLE front_end_keys ADD COLUMN new_accounts_per_day integer CHECK (new_accounts_per_day BETWEEN 0 AND 1000000);

-- Accounts that a front end made on a local day. `refused_at` and `refused_limit`: when a user was first refused at that limit.
CREATE TABLE new_account_days (
    front_end_key_id uuid NOT NULL REFERENCES front_end_keys (id),
    local_day        date NOT NULL,
    accounts         integer NOT NULL DEFAULT 0,
    refused_at       timestamptz,
    refused_limit    integer,
    PRIMARY KEY (front_end_key_id, local_day)
);

-- Whether the user's name and contact address follow what this identity's front end sends: true for the identity that made the account.
ALTER TABLE identities ADD COLUMN made_account boolean NOT NULL DEFAULT false;
UPDATE identities i SET made_account = true FROM users u WHERE u.id = i.user_id AND u.created_at = i.created_at;

-- Whether staff typed the name, or the contact address; a front end does not replace those.
ALTER TABLE users ADD COLUMN name_by_staff boolean NOT NULL DEFAULT false,
                  ADD COLUMN contact_by_staff boolean NOT NULL DEFAULT false;
UPDATE users u SET name_by_staff = true
WHERE EXISTS (SELECT FROM audit_log a
              WHERE a.action = 'user.edit' AND a.entity = 'user' AND a.entity_id = u.id::text AND a.after ? 'name');
UPDATE users u SET contact_by_staff = true
WHERE EXISTS (SELECT FROM audit_log a
              WHERE a.action = 'user.edit' AND a.entity = 'user' AND a.entity_id = u.id::text AND a.after ? 'contact_email');
