-- Today's new accounts by front end, and when one was last refused.
SELECT front_end_key_id, accounts, refused_at FROM new_account_days WHERE local_day = current_date
