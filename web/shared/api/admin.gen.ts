/** Generated from the API by `make types`; never edited by hand. */

export interface paths {
    "/admin/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Audit log
         * @description For operator, admin and super_admin. Every change with actor, action, and values before and after, newest first. Names and addresses of anonymised users are masked.
         */
        get: operations["read_audit_log_admin_audit_log_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/credit-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Credit requests
         * @description For all staff. Newest first; support sees no amounts.
         */
        get: operations["list_requests_admin_credit_requests_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/credit-requests/{ticket_number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One credit request
         * @description For all staff; support sees no amount.
         */
        get: operations["read_request_admin_credit_requests__ticket_number__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/credit-requests/{ticket_number}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a credit request
         * @description For admin and super_admin. Grants the credits once: another decision by another person is a 409 `credit_request_already_decided`, a repeat by the same person returns the request with `Idempotent-Replay: true`. If the rules require a second person, the answer is a 202 with the pending grant, and the request stays pending. The caller's own request: 403 `own_account`; a request of an anonymised account: 409 `anonymised_account`.
         */
        post: operations["approve_admin_credit_requests__ticket_number__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/credit-requests/{ticket_number}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject a credit request
         * @description For admin and super_admin. The user sees the reason; the balance does not change. A decided request is a 409. The caller's own request: 403 `own_account`.
         */
        post: operations["reject_admin_credit_requests__ticket_number__reject_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/credits/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Credit transactions
         * @description For operator, admin and super_admin. All additions to and removals from credits, newest first; `user_id` selects one user's.
         */
        get: operations["list_transactions_admin_credits_transactions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of today
         * @description For operator, admin and super_admin. Everything is computed at the time of the request; days and
         *     months are those of `timezone`.
         *
         *     - `total_users`: all accounts; `new_users_today`: accounts created today.
         *     - `active_users_today`: users with a charge today. `tokens_consumed_today`: the sum of their charges.
         *       `average_tokens_per_user`: tokens consumed / active users, rounded.
         *     - `tokens_remaining_total`: the remaining tokens (allowance left + credits − holds) of all active
         *       users; a user without a request this month counts with the allowance that their first request
         *       would open, less their overage.
         *     - `revenue_today`, `revenue_month`: payments for credits in BRL, minus refunds.
         *       `credits_purchased_today`: the number of purchases.
         *     - `proxy_response_time`: the median time of a call in the proxy itself, in ms;
         *       `litellm_response_time`: the median time to LiteLLM's first byte, in ms; `error_rate`: failed calls
         *       / calls (0..1; upstream failures count, a user's own mistakes and empty balances do not). These
         *       three cover the last 5 minutes of all processes, and are 0 without calls.
         *     - `services`: the health checks. `top_consumers`: the users with the most tokens charged today.
         *     - `previous`: the same figures to compare with: yesterday until the same time (`until`), for
         *       `revenue_month` last month until the same day and time (`month_until`), for response times and
         *       error rate the same five minutes of yesterday. They are computed once per minute.
         *       `tokens_remaining_total` is null there, since past values are not stored.
         */
        get: operations["read_dashboard_admin_dashboard_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/exports/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users as CSV
         * @description For operator, admin and super_admin: all users that match the filters, for Brazilian Excel, streamed. The download is recorded in the audit log.
         */
        get: operations["export_users_admin_exports_users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/finance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Revenue and credits
         * @description For operator, admin and super_admin: the last 30 days by default, at most 800, in the customer's time zone. A purchase's package is that of its request, else the one with the same number of tokens.
         */
        get: operations["read_finance_admin_finance_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/front-end-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Front-end keys
         * @description For operator, admin and super_admin. Newest first, each with the settings to paste into the chat server.
         */
        get: operations["list_front_ends_admin_front_end_keys_get"];
        put?: never;
        /**
         * Create a front-end key
         * @description For admin and super_admin. Key and settings are shown only in this answer. With `strict` and without a secret, one is generated and included in the settings.
         */
        post: operations["create_admin_front_end_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/front-end-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a front-end key
         * @description For admin and super_admin. The key is refused from now on; its users and their usage stay. A repeat changes nothing.
         */
        delete: operations["revoke_admin_front_end_keys__id__delete"];
        options?: never;
        head?: never;
        /**
         * Edit a front end
         * @description For admin and super_admin. The key stays the same. `updated_at` is the value last read; if it changed since, the answer is 409 `changed_meanwhile`.
         */
        patch: operations["edit_admin_front_end_keys__id__patch"];
        trace?: never;
    };
    "/admin/front-end-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a front end a new key
         * @description For admin and super_admin. The users stay the same; the old key is refused from now on. A revoked front end becomes active again.
         */
        post: operations["rotate_admin_front_end_keys__id__rotate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Models and weights
         * @description For operator, admin and super_admin. The models with stored weights, those called in the last week, and the patterns and aliases of LiteLLM, each with the weights that apply to it.
         */
        get: operations["list_models_admin_models_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a model's weights
         * @description For admin and super_admin. New calls use the weights at once, or within 30 seconds without Redis; calls in progress keep the previous ones. Calls to an inactive model are refused.
         */
        put: operations["put_model_admin_models__name__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/models/calculation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Calculate an example charge
         * @description For operator, admin and super_admin. Calculates the charge of a request with these weights. Changes nothing.
         */
        post: operations["calculate_admin_models_calculation_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Packages
         * @description For operator, admin and super_admin. Also inactive ones.
         */
        get: operations["list_packages_admin_packages_get"];
        put?: never;
        /**
         * Create a package
         * @description For admin and super_admin.
         */
        post: operations["create_package_admin_packages_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/packages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit a package
         * @description For admin and super_admin. Earlier requests keep their price.
         */
        patch: operations["edit_package_admin_packages__id__patch"];
        trace?: never;
    };
    "/admin/pending-grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Grants that need a second person
         * @description For operator, admin and super_admin. Newest first, decided ones included.
         */
        get: operations["list_pending_admin_pending_grants_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/pending-grants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One grant that needs a second person
         * @description For operator, admin and super_admin.
         */
        get: operations["read_pending_admin_pending_grants__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/pending-grants/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a grant as the second person
         * @description For admin and super_admin, except the requester and the receiver of the credits (403). The reason has 20 characters or more. The grant is made once; a decided or expired one is a 409 `pending_grant_already_decided`, a repeat by the same person returns it with `Idempotent-Replay: true`. An anonymised account: 409 `anonymised_account`.
         */
        post: operations["approve_admin_pending_grants__id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/pending-grants/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an own pending grant
         * @description For the admin or super_admin who requested it. Nothing is granted; a credit request stays pending.
         */
        post: operations["cancel_admin_pending_grants__id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/pending-grants/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject a grant as the second person
         * @description For admin and super_admin, except the requester and the receiver of the credits (403). The reason has 20 characters or more. Nothing is granted; a credit request stays pending.
         */
        post: operations["reject_admin_pending_grants__id__reject_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Plans
         * @description For operator, admin and super_admin. Also inactive ones.
         */
        get: operations["list_plans_admin_plans_get"];
        put?: never;
        /**
         * Create a plan
         * @description For admin and super_admin.
         */
        post: operations["create_plan_admin_plans_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/plans/{plan_type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit a plan
         * @description For admin and super_admin. Rates and concurrent calls apply at once; limit and price apply to new subscriptions, existing ones keep theirs. The plan of new users can't be deactivated.
         */
        patch: operations["edit_plan_admin_plans__plan_type__patch"];
        trace?: never;
    };
    "/admin/settings/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which grants need a second person
         * @description For operator, admin and super_admin.
         */
        get: operations["read_rules_admin_settings_approvals_get"];
        /**
         * Set which grants need a second person
         * @description For super_admin; audited. Grants that are pending already still need a second person.
         */
        put: operations["change_rules_admin_settings_approvals_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The staff
         * @description For operator, admin and super_admin. All accounts with a role above `user`, highest role first.
         */
        get: operations["list_staff_admin_staff_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Consumption, live
         * @description Server-sent events, for all staff. `history` at once: tokens, requests and errors of the last 300 seconds, one figure per second. `live` every second: the last second, the last 60 seconds by model and user, and `source`: `push`, or `database` while Redis is away (then every two seconds, and tokens not by model). `alert`, `request` and `grant` within two seconds: a user crossed a threshold, requested credits, received credits. `end`: the server ends the stream, with `reason` and `message`. A comment is sent every 15 seconds.
         */
        get: operations["stream_admin_stream_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage/heatmap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Use by weekday and hour
         * @description For operator, admin and super_admin: the last 28 days by default, at most 62; optionally of one user or model.
         */
        get: operations["read_heat_map_admin_usage_heatmap_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage by time and user, model, plan or front end
         * @description For operator, admin and super_admin. Days are those of `timezone`; `from` and `to` are
         *     included: the last 30 days by default, at most 400 days (62 by hour). The first
         *     and last week or month include only the selected days.
         *
         *     - Without `split_by` every bucket has a row; with it, only keys with usage. `split_by=user` returns
         *       rows for the `top` users by tokens charged in the whole range; the others share a row with
         *       `key: null`. `totals` covers everything.
         *     - `requests` are settled requests. `p50_ms`, `p95_ms`, `p99_ms` are percentiles of their durations,
         *       estimated in bands of 12 %.
         *     - `cost_usd` is the cost reported by LiteLLM. `revenue_brl` is payments for credits; null by model and
         *       front end, or with `model`.
         *     - `error_rate` is failed calls / calls at the gateway (0..1), recorded per minute; null by user and
         *       plan, with `user_id`, and without calls.
         *     - A plan is the user's plan at the time of the request.
         *
         *     CSV by `Accept: text/csv` or `format=csv`: for Brazilian Excel, in local time, with Portuguese headings.
         */
        get: operations["read_stats_admin_usage_stats_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users
         * @description For all staff. Search, filters, order and pages; balances are current. The search ignores case and accents and must match every word; ties are sorted by id.
         */
        get: operations["list_users_admin_users_get"];
        put?: never;
        /**
         * Create a user
         * @description For admin and super_admin; only a super_admin may create staff. The temporary password is shown once and has to be changed at the first sign-in.
         */
        post: operations["create_user_admin_users_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description For all staff: balance, subscription, wallet, counts, identities, and API keys without their secret.
         */
        get: operations["read_user_admin_users__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit a user
         * @description For operator, admin and super_admin: name, contact e-mail, alert thresholds. `updated_at` is the value last read; if it changed since, the answer is 409 `changed_meanwhile`. Only a super_admin may change staff accounts.
         */
        patch: operations["edit_user_admin_users__id__patch"];
        trace?: never;
    };
    "/admin/users/{id}/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user's alerts
         * @description For all staff: the crossed thresholds of which the user was notified, newest first.
         */
        get: operations["read_alerts_admin_users__id__alerts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/anonymise": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Anonymise a user (LGPD)
         * @description For admin and super_admin; irreversible. Name, addresses, chat identities, names of keys and notes of requests are replaced, keys and sessions end, pending requests are cancelled. Usage events and credit transactions stay without a name; the audit log masks name and addresses. A later message from the user's chat creates a new account.
         */
        post: operations["anonymise_admin_users__id__anonymise_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add credits to a user
         * @description For admin and super_admin. `Idempotency-Key` is required: a repeat returns the first answer with `Idempotent-Replay: true` and changes nothing; the same key with another body is a 409. The grant and its audit entry are one transaction. If the rules require a second person (GET /admin/settings/approvals), because of the amount or of a price below the package's, the answer is a 202 and nothing is granted until they approve. The caller's own account: 403 `own_account`; an anonymised account: 409 `anonymised_account`.
         */
        post: operations["add_credits_admin_users__id__credits_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user's days
         * @description For all staff: every day of the range, the last 30 by default, at most 400.
         */
        get: operations["read_days_admin_users__id__daily_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One person's data (LGPD)
         * @description For admin and super_admin: all data stored about the person as one JSON download, without secrets. The download is recorded in the audit log.
         */
        get: operations["export_person_admin_users__id__export_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a user's monthly limit
         * @description For admin and super_admin; the reason has 20 characters or more. With `effective: now` the current allowance becomes the limit plus the tokens that resets gave back, but not less than was used of it. The difference is an append-only record. The caller's own account: 403 `own_account`.
         */
        put: operations["set_limit_admin_users__id__limit_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a temporary password
         * @description For admin and super_admin. The password is shown once. The user's sessions end, their API keys stay; they have to change the password first. Only a super_admin may change staff accounts.
         */
        post: operations["set_password_admin_users__id__password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a user's plan
         * @description For admin and super_admin. With `effective: now` the current allowance becomes the plan's, but not less than was used of it; with `next_period` it stays until the renewal. The caller's own account: 403 `own_account`.
         */
        put: operations["set_plan_admin_users__id__plan_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reactivate a user
         * @description For operator, admin and super_admin. A repeat changes nothing. Only a super_admin may change staff accounts.
         */
        post: operations["reactivate_admin_users__id__reactivate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a user's usage of this month
         * @description For admin and super_admin; the reason has 20 characters or more, `Idempotency-Key` is required. Gives back the tokens used in this period since the last reset: those paid from the allowance to the allowance of this period, the others to the credits as a `compensation`. Usage records, `used` and statistics don't change. 409 `nothing_to_reset`; 403 `own_account` for the caller's own account.
         */
        post: operations["reset_admin_users__id__reset_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a user's role
         * @description For super_admin. The last active super_admin can't be demoted (409 `last_super_admin`).
         */
        put: operations["set_role_admin_users__id__role_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a user
         * @description For operator, admin and super_admin. The user can no longer spend, but still sees their balance; suspended staff lose access to the administration. A repeat changes nothing. Only a super_admin may change staff accounts.
         */
        post: operations["suspend_admin_users__id__suspend_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user's usage
         * @description For all staff; the provider's cost is shown to roles that may see money. Receipts of settled requests, newest first, paginated by `limit` and `cursor`. With `group_by` their sums: at most `limit` rows, 2000 without `limit` (`truncated`: there are more), and no `cursor`. `from` and `to` are days in the customer's time zone, both included. `format=csv` or `Accept: text/csv` downloads all matching rows for Brazilian Excel, at most 100000 rows (2000 sums); if there are more, the last line says so.
         */
        get: operations["read_usage_admin_users__id__usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/usage/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One request's receipt
         * @description For all staff: the receipt with its arithmetic; the provider's cost for roles that may see money.
         */
        get: operations["read_receipt_admin_users__id__usage__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description A 401 does not say whether address or password is wrong. Five failures for an address lock it for 15 minutes (429 with Retry-After), whether the address is known or not.
         */
        post: operations["login_api_auth_login_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends this session. Other sessions continue.
         */
        post: operations["logout_api_auth_logout_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I
         * @description The caller, for any kind of credential.
         */
        get: operations["me_api_auth_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password
         * @description Ends all sessions and returns a new token for this one. API keys stay in force.
         */
        post: operations["password_api_auth_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew the session
         * @description Returns a new token and ends the one sent. Each token can be renewed once.
         */
        post: operations["refresh_api_auth_refresh_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page's session
         * @description The signed-in user; 204 if there is none. A read extends the session, up to 30 days in total.
         */
        get: operations["present_api_auth_session_get"];
        put?: never;
        /**
         * Sign in on a page
         * @description As POST /api/auth/login, for our own pages: the session is set as an HttpOnly cookie, and the answer contains no token. Like every request that changes something with that cookie, it needs the header `X-Solaris-Page` and our own origin; otherwise the answer is 403 `foreign_page`.
         */
        post: operations["enter_api_auth_session_post"];
        /**
         * Sign out of the page
         * @description Ends the session.
         */
        delete: operations["leave_api_auth_session_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/session/end-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the other sessions
         * @description Ends every other session of the caller and gives this browser a new one. API keys stay in force.
         */
        post: operations["end_others_api_auth_session_end_others_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password on a page
         * @description Ends every other session and gives this browser a new one. API keys stay in force.
         */
        post: operations["password_api_auth_session_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Health of this process and the parts it needs */
        get: operations["read_health_api_health_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccountResponse
         * @description An account after a change. GET /admin/users/{id} also returns the balance.
         */
        AccountResponse: {
            /** Active */
            active: boolean;
            /** Anonymised At */
            anonymised_at: string | null;
            /** Contact Email */
            contact_email: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string | null;
            /** Email Verified */
            email_verified: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Monthly Tokens */
            monthly_tokens: number | null;
            /** Name */
            name: string;
            /** Plan Type */
            plan_type: string | null;
            role: components["schemas"]["Role"];
            /** Suspension Reason */
            suspension_reason: string | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * AccountsResponse
         * @description Accounts, highest role first.
         */
        AccountsResponse: {
            /** Data */
            data: components["schemas"]["AccountResponse"][];
        };
        /**
         * AlertResponse
         * @description A crossed threshold of which the user was notified.
         */
        AlertResponse: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /** Threshold Percent */
            threshold_percent: number;
            /** Usage Percent */
            usage_percent: number;
        };
        /**
         * AllowanceChangeResponse
         * @description The append-only record of a change of the current period.
         */
        AllowanceChangeResponse: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Credits Given Back
             * @description A reset's compensation for tokens that were paid from credits.
             */
            credits_given_back: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Tokens Added
             * @description Added to the period's allowance; negative: removed.
             */
            tokens_added: number;
            /**
             * Transaction Id
             * @description The credit transaction of the compensation.
             */
            transaction_id: string | null;
        };
        /**
         * ApiKeyResponse
         * @description An API key, identified by name and prefix.
         */
        ApiKeyResponse: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Prefix */
            prefix: string;
            /** Revoked At */
            revoked_at: string | null;
        };
        /**
         * ApprovalBody
         * @description The approval; absent values are the request's.
         */
        ApprovalBody: {
            /**
             * Amount Paid
             * @description In BRL; 0 makes it a bonus. Required if the request has no price.
             */
            amount_paid?: number | null;
            /**
             * Reason
             * @description A message to the user.
             * @default
             */
            reason?: string;
            /**
             * Tokens
             * @description Tokens to grant instead of the requested ones.
             */
            tokens?: number | null;
        };
        /**
         * ApprovalRulesBody
         * @description The rules to set; absent fields keep their values.
         */
        ApprovalRulesBody: {
            /**
             * Second Person Above Tokens
             * @description Tokens that one person may grant to one user within 24 hours; 0: any amount.
             */
            second_person_above_tokens?: number | null;
            /**
             * Second Person Below Price
             * @description Whether a sale below the package's price needs a second person.
             */
            second_person_below_price?: boolean | null;
            /**
             * Updated At
             * Format: date-time
             * @description The value last read; 409 `changed_meanwhile` if it changed since.
             */
            updated_at: string;
        };
        /**
         * ApprovalRulesResponse
         * @description Which grants need a second person.
         */
        ApprovalRulesResponse: {
            /**
             * Second Person Above Tokens
             * @description Tokens that one person may grant to one user within 24 hours; 0: any amount.
             */
            second_person_above_tokens: number;
            /**
             * Second Person Below Price
             * @description Whether a sale below the package's price needs a second person.
             */
            second_person_below_price: boolean;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string | null;
            /** Updated By Name */
            updated_by_name: string | null;
        };
        /**
         * Arithmetic
         * @description tokens_charged = ceil(factor × sum of weighted), rounded up once.
         */
        Arithmetic: {
            /** Allowance Part */
            allowance_part: number;
            /** Before Rounding */
            before_rounding: number;
            /** Conversion Factor */
            conversion_factor: number;
            /** Credits Part */
            credits_part: number;
            /** Overage */
            overage: number;
            /** Parts */
            parts: components["schemas"]["PartResponse"][];
            /** Tokens Charged */
            tokens_charged: number;
            /** Weighted Sum */
            weighted_sum: number;
        };
        /**
         * AuditEntryResponse
         * @description One change. `before` and `after` hold the fields that differ, never a secret.
         */
        AuditEntryResponse: {
            /** Action */
            action: string;
            /** Actor Email */
            actor_email: string | null;
            /**
             * Actor Id
             * @description Null: the system or the command line.
             */
            actor_id: string | null;
            /** Actor Name */
            actor_name: string | null;
            /**
             * Actor Role
             * @description The actor's role at that time; `system` without an actor.
             */
            actor_role: string;
            /** After */
            after: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Before */
            before: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Entity */
            entity: string;
            /** Entity Id */
            entity_id: string;
            /**
             * Entity Label
             * @description For a user: their name or address.
             */
            entity_label: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Trace Id */
            trace_id: string | null;
        };
        /**
         * AuditLogResponse
         * @description A page of the audit log, newest first.
         */
        AuditLogResponse: {
            /** Data */
            data: components["schemas"]["AuditEntryResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * BlockStyle
         * @description How a front end receives the refusal of a blocked request.
         * @enum {string}
         */
        BlockStyle: "error" | "assistant_message";
        /**
         * CalculationBody
         * @description Weights and counts to calculate an example charge with.
         */
        CalculationBody: {
            /**
             * @default {
             *       "input": 1000,
             *       "cached_input": 200,
             *       "output": 500,
             *       "reasoning": 100
             *     }
             */
            counts?: components["schemas"]["CountsBody"];
            /**
             * @default {
             *       "input": 1,
             *       "cached_input": 1,
             *       "output": 1,
             *       "reasoning": 1
             *     }
             */
            weights?: components["schemas"]["WeightsBody-Input"];
        };
        /**
         * CalculationResponse
         * @description tokens_charged = ceil(conversion_factor × weighted_sum).
         */
        CalculationResponse: {
            /** Before Rounding */
            before_rounding: number;
            /** Conversion Factor */
            conversion_factor: number;
            counts: components["schemas"]["CountsBody"];
            /** Tokens Charged */
            tokens_charged: number;
            /** Weighted Sum */
            weighted_sum: number;
        };
        /**
         * Cause
         * @description Why a grant needs a second person.
         * @enum {string}
         */
        Cause: "above_amount" | "below_price";
        /**
         * Check
         * @description One dependency's state.
         *
         *     `degraded`: it works in part. `late`, `absent`: of the worker. `off`: not configured.
         */
        Check: {
            /** Detail */
            detail?: string | null;
            /** Latency Ms */
            latency_ms?: number | null;
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "late" | "absent" | "down" | "off";
        };
        /**
         * CountsBody
         * @description Token counts of one request: `cached_input` is part of `input`, `reasoning` of `output`.
         */
        CountsBody: {
            /**
             * Cached Input
             * @default 200
             */
            cached_input?: number;
            /**
             * Input
             * @default 1000
             */
            input?: number;
            /**
             * Output
             * @default 500
             */
            output?: number;
            /**
             * Reasoning
             * @default 100
             */
            reasoning?: number;
        };
        /**
         * CountsResponse
         * @description Counts of the user's records.
         */
        CountsResponse: {
            /** Credit Transactions */
            credit_transactions: number;
            /** Days With Use */
            days_with_use: number;
            /** Open Holds */
            open_holds: number;
            /** Pending Credit Requests */
            pending_credit_requests: number;
            /** Requests This Period */
            requests_this_period: number;
        };
        /**
         * CreatedAccountResponse
         * @description The new account; no later answer contains the password.
         */
        CreatedAccountResponse: {
            /** Active */
            active: boolean;
            /** Anonymised At */
            anonymised_at: string | null;
            /** Contact Email */
            contact_email: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string | null;
            /** Email Verified */
            email_verified: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Monthly Tokens */
            monthly_tokens: number | null;
            /** Name */
            name: string;
            /** Plan Type */
            plan_type: string | null;
            role: components["schemas"]["Role"];
            /** Suspension Reason */
            suspension_reason: string | null;
            /** Temporary Password */
            temporary_password: string | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * CreatedFrontEndResponse
         * @description A front end with its key and settings; no later response contains the key.
         */
        CreatedFrontEndResponse: {
            block_style: components["schemas"]["BlockStyle"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Has Signing Secret */
            has_signing_secret: boolean;
            headers: components["schemas"]["HeadersBody"];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Key */
            key: string;
            kind: components["schemas"]["FrontEndKind"];
            /** Link By Email */
            link_by_email: boolean;
            /** Name */
            name: string;
            /**
             * New Accounts Limit
             * @description The limit in force: its own or SOLARIS_NEW_ACCOUNTS_PER_DAY.
             */
            new_accounts_limit: number;
            /** New Accounts Per Day */
            new_accounts_per_day: number | null;
            /**
             * New Accounts Refused At
             * @description When a new user was last refused today; null if none was, or the limit has room again.
             */
            new_accounts_refused_at: string | null;
            /**
             * New Accounts Today
             * @description Accounts created today.
             */
            new_accounts_today: number;
            /** Plan Type */
            plan_type: string | null;
            /** Prefix */
            prefix: string;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Settings
             * @description For librechat.yaml or Open WebUI's environment, with a placeholder for the key.
             */
            settings: string;
            /** Strict */
            strict: boolean;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Users
             * @description Users of this front end.
             */
            users: number;
        };
        /**
         * Credentials
         * @description E-mail address and password.
         */
        Credentials: {
            /**
             * Email
             * @example maria@demo.local
             */
            email: string;
            /** Password */
            password: string;
        };
        /**
         * DashboardResponse
         * @description The dashboard at `generated_at`. Money is BRL.
         */
        DashboardResponse: {
            /** Active Users Today */
            active_users_today: number;
            /** Average Tokens Per User */
            average_tokens_per_user: number;
            /** Credits Purchased Today */
            credits_purchased_today: number;
            /** Error Rate */
            error_rate: number;
            /**
             * Generated At
             * Format: date-time
             */
            generated_at: string;
            /**
             * Litellm Response Time
             * @description Milliseconds.
             */
            litellm_response_time: number;
            /** New Users Today */
            new_users_today: number;
            previous: components["schemas"]["PreviousResponse"];
            /**
             * Proxy Response Time
             * @description Milliseconds.
             */
            proxy_response_time: number;
            /** Revenue Month */
            revenue_month: number;
            /** Revenue Today */
            revenue_today: number;
            /** Services */
            services: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Timezone */
            timezone: string;
            /** Tokens Consumed Today */
            tokens_consumed_today: number;
            /** Tokens Remaining Total */
            tokens_remaining_total: number;
            /** Top Consumers */
            top_consumers: components["schemas"]["TopConsumerResponse"][];
            /** Total Users */
            total_users: number;
        };
        /**
         * DayResponse
         * @description One day in the customer's time zone.
         */
        DayResponse: {
            /**
             * Tokens Remaining
             * @description After the day's last charge; null on a day without any.
             */
            tokens_remaining: number | null;
            /** Tokens Used */
            tokens_used: number;
            /**
             * Usage Date
             * Format: date
             */
            usage_date: string;
        };
        /**
         * DaysResponse
         * @description Every day of the range, in order.
         */
        DaysResponse: {
            /** Data */
            data: components["schemas"]["DayResponse"][];
            /** Timezone */
            timezone: string;
        };
        /**
         * Effective
         * @description Whether a plan or limit applies to the current period, or from the next one on.
         * @enum {string}
         */
        Effective: "now" | "next_period";
        /**
         * ErrorBody
         * @description The body of every error response, on every port and for every status.
         */
        ErrorBody: {
            error: components["schemas"]["ErrorDetail"];
        };
        /**
         * ErrorDetail
         * @description What went wrong.
         */
        ErrorDetail: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Param */
            param?: string | null;
            /** Trace Id */
            trace_id?: string | null;
            /** Type */
            type: string;
        };
        /**
         * FinanceBucketResponse
         * @description The sums of one day or month.
         */
        FinanceBucketResponse: {
            /**
             * Average Ticket Brl
             * @description Mean payment per purchase; null without purchases.
             */
            average_ticket_brl: number | null;
            /**
             * Buyers
             * @description Users with a purchase.
             */
            buyers: number;
            /**
             * Credits Spent
             * @description Tokens charged to credits.
             */
            credits_spent: number;
            /**
             * First Day
             * Format: date
             * @description The bucket's first day inside the range.
             */
            first_day: string;
            /** Purchases */
            purchases: number;
            /** Refunds Brl */
            refunds_brl: number;
            /**
             * Revenue Brl
             * @description Payments for purchases minus refunds; amounts of gifts don't count.
             */
            revenue_brl: number;
            /**
             * Tokens Given
             * @description Bonus, compensation, positive adjustments.
             */
            tokens_given: number;
            /** Tokens Sold */
            tokens_sold: number;
            /**
             * Tokens Taken Back
             * @description Refunds and negative adjustments.
             */
            tokens_taken_back: number;
        };
        /**
         * FinanceResponse
         * @description The report; `previous` is the period of equal length before the range.
         */
        FinanceResponse: {
            /** By Package */
            by_package: components["schemas"]["PackageResponse"][];
            /** By Type */
            by_type: components["schemas"]["TypeResponse"][];
            /** Data */
            data: components["schemas"]["FinanceBucketResponse"][];
            /**
             * From
             * Format: date
             */
            from: string;
            group_by: components["schemas"]["FinanceUnit"];
            open_requests: components["schemas"]["OpenRequestsResponse"];
            previous: components["schemas"]["FinanceSumsResponse"];
            /** Timezone */
            timezone: string;
            /**
             * To
             * Format: date
             */
            to: string;
            totals: components["schemas"]["FinanceSumsResponse"];
        };
        /**
         * FinanceSumsResponse
         * @description Sums. Money is BRL.
         */
        FinanceSumsResponse: {
            /**
             * Average Ticket Brl
             * @description Mean payment per purchase; null without purchases.
             */
            average_ticket_brl: number | null;
            /**
             * Buyers
             * @description Users with a purchase.
             */
            buyers: number;
            /**
             * Credits Spent
             * @description Tokens charged to credits.
             */
            credits_spent: number;
            /** Purchases */
            purchases: number;
            /** Refunds Brl */
            refunds_brl: number;
            /**
             * Revenue Brl
             * @description Payments for purchases minus refunds; amounts of gifts don't count.
             */
            revenue_brl: number;
            /**
             * Tokens Given
             * @description Bonus, compensation, positive adjustments.
             */
            tokens_given: number;
            /** Tokens Sold */
            tokens_sold: number;
            /**
             * Tokens Taken Back
             * @description Refunds and negative adjustments.
             */
            tokens_taken_back: number;
        };
        /**
         * FinanceUnit
         * @description The length of a bucket.
         * @enum {string}
         */
        FinanceUnit: "day" | "month";
        /**
         * FrontEndCreate
         * @description The front end to create.
         */
        FrontEndCreate: {
            /** @default error */
            block_style?: components["schemas"]["BlockStyle"];
            /** @description Default: the names that this kind of chat server uses. */
            headers?: components["schemas"]["HeadersBody"] | null;
            /** @default librechat */
            kind?: components["schemas"]["FrontEndKind"];
            /**
             * Link By Email
             * @description The chat server verifies addresses: link users to existing accounts.
             * @default false
             */
            link_by_email?: boolean;
            /** Name */
            name: string;
            /**
             * New Accounts Per Day
             * @description New accounts per day; null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none.
             */
            new_accounts_per_day?: number | null;
            /**
             * Plan Type
             * @description Plan of its new users; null: the default plan.
             */
            plan_type?: string | null;
            /**
             * Signing Secret
             * @description Open WebUI's FORWARD_USER_INFO_HEADER_JWT_SECRET; generated with `strict` if absent.
             */
            signing_secret?: string | null;
            /**
             * Strict
             * @description Open WebUI: accept only its signed identity.
             * @default false
             */
            strict?: boolean;
        };
        /**
         * FrontEndKind
         * @description The kind of chat server, which determines the encoding of header values.
         * @enum {string}
         */
        FrontEndKind: "librechat" | "open_webui";
        /**
         * FrontEndResponse
         * @description A front end with its key's first characters and without its secret.
         */
        FrontEndResponse: {
            block_style: components["schemas"]["BlockStyle"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Has Signing Secret */
            has_signing_secret: boolean;
            headers: components["schemas"]["HeadersBody"];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["FrontEndKind"];
            /** Link By Email */
            link_by_email: boolean;
            /** Name */
            name: string;
            /**
             * New Accounts Limit
             * @description The limit in force: its own or SOLARIS_NEW_ACCOUNTS_PER_DAY.
             */
            new_accounts_limit: number;
            /** New Accounts Per Day */
            new_accounts_per_day: number | null;
            /**
             * New Accounts Refused At
             * @description When a new user was last refused today; null if none was, or the limit has room again.
             */
            new_accounts_refused_at: string | null;
            /**
             * New Accounts Today
             * @description Accounts created today.
             */
            new_accounts_today: number;
            /** Plan Type */
            plan_type: string | null;
            /** Prefix */
            prefix: string;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Settings
             * @description For librechat.yaml or Open WebUI's environment, with a placeholder for the key.
             */
            settings: string;
            /** Strict */
            strict: boolean;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Users
             * @description Users of this front end.
             */
            users: number;
        };
        /**
         * FrontEndsResponse
         * @description All front ends, also revoked ones, newest first.
         */
        FrontEndsResponse: {
            /** Data */
            data: components["schemas"]["FrontEndResponse"][];
        };
        /**
         * FrontEndUpdate
         * @description The fields to change; absent fields keep their values.
         */
        FrontEndUpdate: {
            block_style?: components["schemas"]["BlockStyle"] | null;
            headers?: components["schemas"]["HeadersBody"] | null;
            /** Link By Email */
            link_by_email?: boolean | null;
            /** Name */
            name?: string | null;
            /**
             * New Accounts Per Day
             * @description Null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none.
             */
            new_accounts_per_day?: number | null;
            /**
             * Plan Type
             * @description Null: the default plan.
             */
            plan_type?: string | null;
            /**
             * Signing Secret
             * @description A new secret; null or empty removes it.
             */
            signing_secret?: string | null;
            /** Strict */
            strict?: boolean | null;
            /**
             * Updated At
             * Format: date-time
             * @description The value last read; 409 if it changed since.
             */
            updated_at: string;
        };
        /**
         * GrantBody
         * @description Credits to add to one user.
         */
        GrantBody: {
            /**
             * Amount Paid
             * @description Amount paid in BRL; more than zero for `compra_email`.
             * @default 0
             */
            amount_paid?: number;
            /**
             * Note
             * @default
             */
            note?: string;
            reason: components["schemas"]["GrantReason"];
            /** Tokens */
            tokens: number;
        };
        /**
         * GrantReason
         * @description Why staff add credits; the values are the customer's terms.
         * @enum {string}
         */
        GrantReason: "compra_email" | "promocional" | "ajuste_manual";
        /**
         * GrantResponse
         * @description The added credits, and the balance right after the grant.
         */
        GrantResponse: {
            /** Amount Paid */
            amount_paid: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Credits
             * @description Credits left after the grant.
             */
            credits: number;
            /** Note */
            note: string;
            reason: components["schemas"]["GrantReason"];
            /** Tokens Added */
            tokens_added: number;
            /**
             * Tokens Remaining
             * @description Allowance left + credits left − holds, after the grant.
             */
            tokens_remaining: number;
            /**
             * Transaction Id
             * Format: uuid
             */
            transaction_id: string;
            /**
             * Transaction Type
             * @enum {string}
             */
            transaction_type: "purchase" | "bonus" | "adjustment";
            /** Usage Percent */
            usage_percent: number;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
        };
        /**
         * HeadersBody
         * @description Names of the headers in which the chat server sends its user.
         */
        HeadersBody: {
            /** Email */
            email: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * Health
         * @description `ok`: all checks pass.
         *
         *     `degraded`: calls are served, a check fails. `down`: no charges possible.
         */
        Health: {
            /** Checks */
            checks: {
                [key: string]: components["schemas"]["Check"];
            };
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "down";
            /** Version */
            version: string;
        };
        /**
         * HeatCellResponse
         * @description One hour of one weekday.
         */
        HeatCellResponse: {
            /**
             * Days
             * @description Occurrences of the weekday in the range; divide by it for a mean.
             */
            days: number;
            /**
             * Hour
             * @description 0–23, of `timezone`.
             */
            hour: number;
            /** Requests */
            requests: number;
            /** Tokens Charged */
            tokens_charged: number;
            /**
             * Weekday
             * @description 1 is Monday, 7 is Sunday.
             */
            weekday: number;
        };
        /**
         * HeatMapResponse
         * @description All 168 cells from Monday, 0 h, to Sunday, 23 h.
         */
        HeatMapResponse: {
            /** Data */
            data: components["schemas"]["HeatCellResponse"][];
            /**
             * From
             * Format: date
             */
            from: string;
            /** Timezone */
            timezone: string;
            /**
             * To
             * Format: date
             */
            to: string;
        };
        /**
         * HistoryGroup
         * @description Groupings of a history: hours and days of the customer's zone, or requested models.
         * @enum {string}
         */
        HistoryGroup: "hour" | "day" | "model";
        /**
         * HistorySumsResponse
         * @description Sums: hours and days newest first, models by tokens charged.
         */
        HistorySumsResponse: {
            /** Data */
            data: components["schemas"]["SumResponse"][];
            group_by: components["schemas"]["HistoryGroup"];
            /**
             * Truncated
             * @description True if there are more rows: raise `limit`, or narrow `from` and `to`.
             */
            truncated: boolean;
        };
        /**
         * IdentityResponse
         * @description The user's identity in a front end.
         */
        IdentityResponse: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** External Id */
            external_id: string;
            /** Front End */
            front_end: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "librechat" | "open_webui";
        };
        JsonValue: unknown;
        /**
         * LimitBody
         * @description An individual monthly limit, instead of the plan's.
         */
        LimitBody: {
            /** @default now */
            effective?: components["schemas"]["Effective"];
            /** Monthly Tokens */
            monthly_tokens: number;
            /** Reason */
            reason: string;
        };
        /**
         * LimitChangeResponse
         * @description The change. `change` and `wallet` are null if the current period does not change.
         */
        LimitChangeResponse: {
            change: components["schemas"]["AllowanceChangeResponse"] | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "plan" | "limit" | "reset";
            user: components["schemas"]["AccountResponse"];
            wallet: components["schemas"]["WalletAfterResponse"] | null;
        };
        /**
         * Me
         * @description The caller, and how they are authenticated.
         */
        Me: {
            /**
             * Active
             * @description False: suspended, may read but not spend.
             */
            active: boolean;
            /** Email */
            email: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Monthly Tokens */
            monthly_tokens: number | null;
            /** Name */
            name: string;
            /**
             * Plan Name
             * @description The plan's display name.
             */
            plan_name: string | null;
            /** Plan Type */
            plan_type: string | null;
            role: components["schemas"]["Role"];
            via: components["schemas"]["Via"];
        };
        /**
         * ModelBody
         * @description The weights and limits to set.
         */
        ModelBody: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /**
             * Output Limit Tokens
             * @description Output tokens to hold for a request without a limit.
             */
            output_limit_tokens: number;
            /**
             * Tokenizer
             * @default o200k_base
             * @enum {string}
             */
            tokenizer?: "o200k_base" | "cl100k_base";
            /**
             * Updated At
             * @description The value last read, null if it was null; 409 if it changed since.
             */
            updated_at: string | null;
            weights: components["schemas"]["WeightsBody-Input"];
        };
        /**
         * ModelResponse
         * @description A model, a pattern such as `openai/*`, or an alias, with an example charge.
         */
        ModelResponse: {
            /** Active */
            active: boolean;
            /**
             * Alias Of
             * @description The models behind this alias in LiteLLM; empty if it is not an alias.
             */
            alias_of: string[];
            example: components["schemas"]["CalculationResponse"];
            /** Name */
            name: string;
            /** Output Limit Tokens */
            output_limit_tokens: number;
            /**
             * Prompt Factor
             * @description The provider's prompt counts divided by the tokenizer's.
             */
            prompt_factor: number;
            /** Tokenizer */
            tokenizer: string;
            /**
             * Updated At
             * @description Null: the model has no weights of its own.
             */
            updated_at: string | null;
            weights: components["schemas"]["WeightsBody-Output"];
            /**
             * Weights From
             * @description Without weights of its own: the models and patterns whose weights apply, the highest of each kind; empty if the weight is 1.
             */
            weights_from: string[];
        };
        /**
         * ModelsResponse
         * @description All models by name, and the factor for all of them (TOKEN_CONVERSION_FACTOR).
         */
        ModelsResponse: {
            /** Conversion Factor */
            conversion_factor: number;
            /** Data */
            data: components["schemas"]["ModelResponse"][];
        };
        /**
         * OfferedPackageResponse
         * @description A package. Money is BRL.
         */
        OfferedPackageResponse: {
            /** Active */
            active: boolean;
            /** Amount Brl */
            amount_brl: number;
            /** Badge */
            badge: string | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Sort Order */
            sort_order: number;
            /** Tokens */
            tokens: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * OfferedPackagesResponse
         * @description All packages in display order.
         */
        OfferedPackagesResponse: {
            /** Data */
            data: components["schemas"]["OfferedPackageResponse"][];
        };
        /**
         * OpenRequestsResponse
         * @description The open credit requests.
         */
        OpenRequestsResponse: {
            /** Amount Brl */
            amount_brl: number;
            /** Oldest Created At */
            oldest_created_at: string | null;
            /** Requests */
            requests: number;
            /** Tokens */
            tokens: number;
        };
        /**
         * OptionalReasonBody
         * @description The reason, for the audit log; optional.
         */
        OptionalReasonBody: {
            /** Reason */
            reason?: string | null;
        };
        /**
         * PackageCreate
         * @description The package to create.
         */
        PackageCreate: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /** Amount Brl */
            amount_brl: number;
            /** Badge */
            badge?: string | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Sort Order
             * @default 0
             */
            sort_order?: number;
            /** Tokens */
            tokens: number;
        };
        /**
         * PackageEdit
         * @description The fields of a package to change; absent fields keep their values.
         */
        PackageEdit: {
            /** Active */
            active?: boolean | null;
            /** Amount Brl */
            amount_brl?: number | null;
            /**
             * Badge
             * @description Null removes it.
             */
            badge?: string | null;
            /** Name */
            name?: string | null;
            /** Sort Order */
            sort_order?: number | null;
            /** Tokens */
            tokens?: number | null;
            /**
             * Updated At
             * Format: date-time
             * @description The value last read; 409 `changed_meanwhile` if it changed since.
             */
            updated_at: string;
        };
        /**
         * PackageResponse
         * @description The purchases of one package; `package_id` null: purchases without a package.
         */
        PackageResponse: {
            /** Name */
            name: string | null;
            /** Package Id */
            package_id: string | null;
            /** Purchases */
            purchases: number;
            /** Revenue Brl */
            revenue_brl: number;
            /** Tokens */
            tokens: number;
        };
        /** Page[AlertResponse] */
        Page_AlertResponse_: {
            /** Data */
            data: components["schemas"]["AlertResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[StaffReceiptResponse] */
        Page_StaffReceiptResponse_: {
            /** Data */
            data: components["schemas"]["StaffReceiptResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * PageSession
         * @description The signed-in user, and settings that the page needs on start.
         */
        PageSession: {
            /**
             * Expires At
             * Format: date-time
             * @description End of the session; using it extends it.
             */
            expires_at: string;
            /**
             * Must Change Password
             * @description True after a sign-in with a temporary password: the page asks for a new password first.
             */
            must_change_password: boolean;
            /**
             * Timezone
             * @description The customer's IANA time zone, used for days, months and displayed times.
             */
            timezone: string;
            user: components["schemas"]["PageUser"];
        };
        /**
         * PageUser
         * @description The signed-in user.
         */
        PageUser: {
            /**
             * Active
             * @description False: suspended, may read but not spend.
             */
            active: boolean;
            /** Email */
            email: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * PartResponse
         * @description One kind of token; no token is counted in two parts.
         */
        PartResponse: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "input" | "cached_input" | "output" | "reasoning";
            /** Tokens */
            tokens: number;
            /** Weight */
            weight: number;
            /** Weighted */
            weighted: number;
        };
        /**
         * PasswordChange
         * @description The current and the new password.
         */
        PasswordChange: {
            /** Current Password */
            current_password: string;
            /**
             * New Password
             * @description 10 to 128 characters.
             */
            new_password: string;
        };
        /**
         * PendingDecisionBody
         * @description The reason of an approval or rejection, for the audit log.
         */
        PendingDecisionBody: {
            /** Reason */
            reason: string;
        };
        /**
         * PendingGrantResponse
         * @description A grant that needs a second person. In the state `pending` nothing is granted yet.
         */
        PendingGrantResponse: {
            /** Amount Paid */
            amount_paid: number;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /**
             * Asked By
             * Format: uuid
             */
            asked_by: string;
            /** Asked By Name */
            asked_by_name: string | null;
            /**
             * Causes
             * @description Why a second person is needed.
             */
            causes: components["schemas"]["Cause"][];
            /** Decided At */
            decided_at: string | null;
            /** Decided By */
            decided_by: string | null;
            /** Decided By Name */
            decided_by_name: string | null;
            /** Decision Reason */
            decision_reason: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Explanation
             * @description The causes and the next step, in Portuguese.
             */
            explanation: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Note
             * @description The note; for a credit request the message to the user.
             */
            note: string;
            /** @description Null for the approval of a credit request. */
            reason: components["schemas"]["GrantReason"] | null;
            state: components["schemas"]["PendingState"];
            /**
             * Ticket Number
             * @description The credit request to approve, if any.
             */
            ticket_number: string | null;
            /** Tokens */
            tokens: number;
            /**
             * Transaction Id
             * @description The credit transaction, once approved.
             */
            transaction_id: string | null;
            /** User Email */
            user_email: string | null;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
            /** User Name */
            user_name: string;
        };
        /**
         * PendingGrantsResponse
         * @description A page of grants that need a second person, decided ones included, newest first.
         */
        PendingGrantsResponse: {
            /** Data */
            data: components["schemas"]["PendingGrantResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * PendingState
         * @description The state of a grant that needs a second person; only `pending` can change.
         * @enum {string}
         */
        PendingState: "pending" | "approved" | "rejected" | "cancelled" | "expired";
        /**
         * PlanBody
         * @description The plan to set.
         */
        PlanBody: {
            /**
             * @description `now`: also changes the current allowance; `next_period`: from the renewal on.
             * @default now
             */
            effective?: components["schemas"]["Effective"];
            /** Plan Type */
            plan_type: string;
        };
        /**
         * PlanCreate
         * @description The plan to create. Null rates are unlimited.
         */
        PlanCreate: {
            /**
             * Active
             * @default true
             */
            active?: boolean;
            /**
             * Concurrent Calls
             * @description Model calls that a user of the plan may have in progress at the same time.
             * @default 20
             */
            concurrent_calls?: number;
            /** Monthly Tokens */
            monthly_tokens: number;
            /** Name */
            name: string;
            /** Plan Type */
            plan_type: string;
            /**
             * Price Brl
             * @default 0
             */
            price_brl?: number;
            /** Requests Per Minute */
            requests_per_minute?: number | null;
            /**
             * Sort Order
             * @default 0
             */
            sort_order?: number;
            /** Tokens Per Minute */
            tokens_per_minute?: number | null;
        };
        /**
         * PlanResponse
         * @description A plan. Money is BRL.
         */
        PlanResponse: {
            /** Active */
            active: boolean;
            /** Concurrent Calls */
            concurrent_calls: number;
            /** Monthly Tokens */
            monthly_tokens: number;
            /** Name */
            name: string;
            /** Plan Type */
            plan_type: string;
            /** Price Brl */
            price_brl: number;
            /** Requests Per Minute */
            requests_per_minute: number | null;
            /** Sort Order */
            sort_order: number;
            /** Subscribers */
            subscribers: number;
            /** Tokens Per Minute */
            tokens_per_minute: number | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * PlansResponse
         * @description All plans in display order.
         */
        PlansResponse: {
            /** Data */
            data: components["schemas"]["PlanResponse"][];
        };
        /**
         * PlanUpdate
         * @description The fields of a plan to change; absent fields keep their values.
         */
        PlanUpdate: {
            /** Active */
            active?: boolean | null;
            /** Concurrent Calls */
            concurrent_calls?: number | null;
            /** Monthly Tokens */
            monthly_tokens?: number | null;
            /** Name */
            name?: string | null;
            /** Price Brl */
            price_brl?: number | null;
            /** Requests Per Minute */
            requests_per_minute?: number | null;
            /** Sort Order */
            sort_order?: number | null;
            /** Tokens Per Minute */
            tokens_per_minute?: number | null;
            /**
             * Updated At
             * Format: date-time
             * @description The value last read; 409 `changed_meanwhile` if it changed since.
             */
            updated_at: string;
        };
        /**
         * PreviousResponse
         * @description The figures to compare with.
         */
        PreviousResponse: {
            /** Active Users Today */
            active_users_today: number;
            /** Average Tokens Per User */
            average_tokens_per_user: number;
            /** Credits Purchased Today */
            credits_purchased_today: number;
            /** Error Rate */
            error_rate: number;
            /**
             * Litellm Response Time
             * @description Milliseconds.
             */
            litellm_response_time: number;
            /**
             * Month Until
             * Format: date-time
             */
            month_until: string;
            /** New Users Today */
            new_users_today: number;
            /**
             * Proxy Response Time
             * @description Milliseconds.
             */
            proxy_response_time: number;
            /** Revenue Month */
            revenue_month: number;
            /** Revenue Today */
            revenue_today: number;
            /** Tokens Consumed Today */
            tokens_consumed_today: number;
            /** Tokens Remaining Total */
            tokens_remaining_total?: number | null;
            /** Total Users */
            total_users: number;
            /**
             * Until
             * Format: date-time
             */
            until: string;
        };
        /**
         * ReasonBody
         * @description The reason, for the audit log.
         */
        ReasonBody: {
            /** Reason */
            reason: string;
        };
        /**
         * RejectionBody
         * @description The rejection; the user sees the reason.
         */
        RejectionBody: {
            /** Reason */
            reason: string;
        };
        /**
         * RequestState
         * @description The state of a credit request; only `pending` can change.
         * @enum {string}
         */
        RequestState: "pending" | "approved" | "rejected" | "cancelled";
        /**
         * ResetBody
         * @description The reason of the reset, for the audit log.
         */
        ResetBody: {
            /** Reason */
            reason: string;
        };
        /**
         * Role
         * @description A user's role: `user` only chats, all others are staff.
         * @enum {string}
         */
        Role: "user" | "support" | "operator" | "admin" | "super_admin";
        /**
         * RoleBody
         * @description The role to set.
         */
        RoleBody: {
            role: components["schemas"]["Role"];
        };
        /**
         * Session
         * @description A new session. Send the token as `Authorization: Bearer …`.
         */
        Session: {
            /** Access Token */
            access_token: string;
            /**
             * Expires In
             * @description Seconds until the token expires.
             */
            expires_in: number;
            /**
             * Must Change Password
             * @description True after a sign-in with a temporary password: until it is changed, requests that change something are refused (403 `password_change_required`).
             */
            must_change_password: boolean;
            /**
             * Token Type
             * @default bearer
             * @constant
             */
            token_type?: "bearer";
            user: components["schemas"]["SessionUser"];
        };
        /**
         * SessionUser
         * @description The signed-in user.
         */
        SessionUser: {
            /** Email */
            email: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * Split
         * @description The dimension that splits a bucket.
         * @enum {string}
         */
        Split: "user" | "model" | "plan" | "front_end";
        /**
         * StaffReceiptDetail
         * @description One request with its cost and the arithmetic of its charge.
         */
        StaffReceiptDetail: {
            /**
             * Allowance Part
             * @description Paid from the month's allowance.
             */
            allowance_part: number;
            arithmetic: components["schemas"]["Arithmetic"];
            /** Cached Input Tokens */
            cached_input_tokens: number;
            /**
             * Client
             * @description The key, session or front end of the call.
             */
            client: string | null;
            /** Conversation Id */
            conversation_id: string | null;
            /**
             * Cost Usd
             * @description LiteLLM's cost in USD, if it sent one.
             */
            cost_usd: number | null;
            /**
             * Credits Part
             * @description Paid from credits.
             */
            credits_part: number;
            /** Duration Ms */
            duration_ms: number | null;
            /**
             * Ending
             * @enum {string}
             */
            ending: "complete" | "no_usage" | "upstream_error" | "client_gone" | "proxy_gone" | "out_of_tokens";
            /**
             * Estimated
             * @description True if the provider sent no usage and it was counted from the text.
             */
            estimated: boolean;
            /** First Byte Ms */
            first_byte_ms: number | null;
            /**
             * Input Tokens
             * @description As counted by the provider; includes cached input.
             */
            input_tokens: number;
            /** Model Answered */
            model_answered: string | null;
            /** Model Asked */
            model_asked: string;
            /**
             * Occurred At
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            occurred_at: string;
            /**
             * Output Tokens
             * @description As counted by the provider; includes reasoning.
             */
            output_tokens: number;
            /**
             * Overage
             * @description Above the user's tokens; covered by the next grant or allowance.
             */
            overage: number;
            /** Reasoning Tokens */
            reasoning_tokens: number;
            /** Request Id */
            request_id: string;
            /** Route */
            route: string;
            /** Tokens Charged */
            tokens_charged: number;
            /**
             * Tokens Remaining
             * @description Remaining tokens right after this charge.
             */
            tokens_remaining: number;
            /** Trace Id */
            trace_id: string | null;
        };
        /**
         * StaffReceiptResponse
         * @description A receipt with the provider's cost, which is shown to staff only.
         */
        StaffReceiptResponse: {
            /**
             * Allowance Part
             * @description Paid from the month's allowance.
             */
            allowance_part: number;
            /** Cached Input Tokens */
            cached_input_tokens: number;
            /**
             * Client
             * @description The key, session or front end of the call.
             */
            client: string | null;
            /** Conversation Id */
            conversation_id: string | null;
            /**
             * Cost Usd
             * @description LiteLLM's cost in USD, if it sent one.
             */
            cost_usd: number | null;
            /**
             * Credits Part
             * @description Paid from credits.
             */
            credits_part: number;
            /** Duration Ms */
            duration_ms: number | null;
            /**
             * Ending
             * @enum {string}
             */
            ending: "complete" | "no_usage" | "upstream_error" | "client_gone" | "proxy_gone" | "out_of_tokens";
            /**
             * Estimated
             * @description True if the provider sent no usage and it was counted from the text.
             */
            estimated: boolean;
            /** First Byte Ms */
            first_byte_ms: number | null;
            /**
             * Input Tokens
             * @description As counted by the provider; includes cached input.
             */
            input_tokens: number;
            /** Model Answered */
            model_answered: string | null;
            /** Model Asked */
            model_asked: string;
            /**
             * Occurred At
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            occurred_at: string;
            /**
             * Output Tokens
             * @description As counted by the provider; includes reasoning.
             */
            output_tokens: number;
            /**
             * Overage
             * @description Above the user's tokens; covered by the next grant or allowance.
             */
            overage: number;
            /** Reasoning Tokens */
            reasoning_tokens: number;
            /** Request Id */
            request_id: string;
            /** Route */
            route: string;
            /** Tokens Charged */
            tokens_charged: number;
            /**
             * Tokens Remaining
             * @description Remaining tokens right after this charge.
             */
            tokens_remaining: number;
            /** Trace Id */
            trace_id: string | null;
        };
        /**
         * StaffRequestResponse
         * @description A credit request with its user. `amount_brl` is null for support.
         */
        StaffRequestResponse: {
            /**
             * Amount Brl
             * @description The package's price; without a package null until staff set it.
             */
            amount_brl: number | null;
            /**
             * Asked By
             * @description The first approver, while the approval waits for a second person.
             */
            asked_by: string | null;
            /** Asked By Name */
            asked_by_name: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decided At */
            decided_at: string | null;
            /** Decided By */
            decided_by: string | null;
            /** Decided By Name */
            decided_by_name: string | null;
            /** Decision Reason */
            decision_reason: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Note */
            note: string;
            /** Package Id */
            package_id: string | null;
            /**
             * Pending Grant Id
             * @description The pending grant, while an approval waits for a second person.
             */
            pending_grant_id: string | null;
            state: components["schemas"]["RequestState"];
            /** Ticket Number */
            ticket_number: string;
            /** Tokens */
            tokens: number;
            /** Transaction Id */
            transaction_id: string | null;
            urgency: components["schemas"]["Urgency"];
            /** User Email */
            user_email: string | null;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
            /** User Name */
            user_name: string;
        };
        /**
         * StaffRequestsResponse
         * @description A page of requests, newest first.
         */
        StaffRequestsResponse: {
            /** Data */
            data: components["schemas"]["StaffRequestResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
            /**
             * Totals By State
             * @description All requests by state, regardless of the filters.
             */
            totals_by_state: {
                [key: string]: number;
            };
        };
        /**
         * StaffTransactionResponse
         * @description One credit transaction.
         */
        StaffTransactionResponse: {
            /**
             * Actor Id
             * @description Null: the system or the command line.
             */
            actor_id: string | null;
            /** Actor Name */
            actor_name: string | null;
            /** Amount Paid */
            amount_paid: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Note */
            note: string;
            /**
             * Package Id
             * @description The package of that request.
             */
            package_id: string | null;
            /**
             * Ticket Number
             * @description The credit request that was approved, if any.
             */
            ticket_number: string | null;
            /**
             * Tokens Added
             * @description Negative if tokens were removed.
             */
            tokens_added: number;
            /**
             * Transaction Type
             * @enum {string}
             */
            transaction_type: "purchase" | "bonus" | "adjustment" | "refund" | "compensation";
            /** User Email */
            user_email: string | null;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
            /** User Name */
            user_name: string;
        };
        /**
         * StaffTransactionsResponse
         * @description A page of transactions, newest first.
         */
        StaffTransactionsResponse: {
            /** Data */
            data: components["schemas"]["StaffTransactionResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * StatsResponse
         * @description The rows by time, in each bucket by tokens charged, most first.
         */
        StatsResponse: {
            /** Data */
            data: components["schemas"]["StatsRowResponse"][];
            /**
             * From
             * Format: date
             */
            from: string;
            group_by: components["schemas"]["Unit"];
            split_by: components["schemas"]["Split"] | null;
            /** Timezone */
            timezone: string;
            /**
             * To
             * Format: date
             */
            to: string;
            totals: components["schemas"]["SumsResponse"];
        };
        /**
         * StatsRowResponse
         * @description One bucket, or one key in it with `split_by`.
         */
        StatsRowResponse: {
            /**
             * Bucket
             * @description The same in local time: a date, or by hour a date and time with offset.
             */
            bucket: string;
            /**
             * Bucket Start
             * Format: date-time
             * @description The bucket's first instant.
             */
            bucket_start: string;
            /** Cost Usd */
            cost_usd: number;
            /** Error Rate */
            error_rate: number | null;
            /** Input Tokens */
            input_tokens: number;
            /** Key */
            key: string | null;
            /** Label */
            label: string | null;
            /** Output Tokens */
            output_tokens: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** P99 Ms */
            p99_ms: number | null;
            /** Requests */
            requests: number;
            /** Revenue Brl */
            revenue_brl: number | null;
            /** Tokens Charged */
            tokens_charged: number;
        };
        /**
         * SubscriptionResponse
         * @description The active subscription.
         */
        SubscriptionResponse: {
            /** End Date */
            end_date: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Monthly Tokens */
            monthly_tokens: number;
            /** Plan */
            plan: string;
            /** Plan Name */
            plan_name: string;
            /**
             * Start Date
             * Format: date-time
             */
            start_date: string;
        };
        /**
         * SumResponse
         * @description The use of one hour, day or model.
         */
        SumResponse: {
            /** Input Tokens */
            input_tokens: number;
            /**
             * Key
             * @description Start of the hour (ISO 8601, UTC), day (YYYY-MM-DD), or model asked for.
             */
            key: string;
            /** Output Tokens */
            output_tokens: number;
            /** Requests */
            requests: number;
            /** Tokens Charged */
            tokens_charged: number;
        };
        /**
         * SumsResponse
         * @description Sums. Money is USD and BRL, durations are milliseconds.
         */
        SumsResponse: {
            /** Cost Usd */
            cost_usd: number;
            /** Error Rate */
            error_rate: number | null;
            /** Input Tokens */
            input_tokens: number;
            /** Output Tokens */
            output_tokens: number;
            /** P50 Ms */
            p50_ms: number | null;
            /** P95 Ms */
            p95_ms: number | null;
            /** P99 Ms */
            p99_ms: number | null;
            /** Requests */
            requests: number;
            /** Revenue Brl */
            revenue_brl: number | null;
            /** Tokens Charged */
            tokens_charged: number;
        };
        /**
         * TemporaryPasswordResponse
         * @description A new temporary password; no later answer contains it.
         */
        TemporaryPasswordResponse: {
            /** Temporary Password */
            temporary_password: string;
        };
        /**
         * TopConsumerResponse
         * @description One of today's top users; `tokens_remaining` is the value after the last charge.
         */
        TopConsumerResponse: {
            /** Email */
            email: string | null;
            /** Name */
            name: string;
            /** Plan Type */
            plan_type: string | null;
            /** Tokens Consumed Today */
            tokens_consumed_today: number;
            /** Tokens Remaining */
            tokens_remaining: number;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
        };
        /**
         * TypeResponse
         * @description The sums of one transaction type.
         */
        TypeResponse: {
            /** Amount Paid */
            amount_paid: number;
            /** Tokens Added */
            tokens_added: number;
            /**
             * Transaction Type
             * @enum {string}
             */
            transaction_type: "purchase" | "bonus" | "adjustment" | "refund" | "compensation";
            /** Transactions */
            transactions: number;
        };
        /**
         * Unit
         * @description The length of a bucket.
         * @enum {string}
         */
        Unit: "hour" | "day" | "week" | "month";
        /**
         * Urgency
         * @description How soon the user needs the credits.
         * @enum {string}
         */
        Urgency: "low" | "normal" | "high";
        /**
         * UserCreate
         * @description The user to create.
         */
        UserCreate: {
            /** Email */
            email: string;
            /**
             * Name
             * @default
             */
            name?: string;
            /**
             * Plan Type
             * @description Default: the plan of new users.
             */
            plan_type?: string | null;
            /**
             * @description Only a super_admin may set a role above `user`.
             * @default user
             */
            role?: components["schemas"]["Role"];
            /**
             * With Password
             * @description Generate a temporary password and return it.
             * @default true
             */
            with_password?: boolean;
        };
        /**
         * UserDetailResponse
         * @description All details of one user, without secrets.
         */
        UserDetailResponse: {
            /** Active */
            active: boolean;
            /** Alert Thresholds Percent */
            alert_thresholds_percent: number[];
            /** Anonymised At */
            anonymised_at: string | null;
            /** Api Keys */
            api_keys: components["schemas"]["ApiKeyResponse"][];
            /** Contact Email */
            contact_email: string | null;
            counts: components["schemas"]["CountsResponse"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Credits */
            credits: number;
            /** Email */
            email: string | null;
            /** Email Verified */
            email_verified: boolean;
            /**
             * Has Password
             * @description Whether the user can sign in with a password.
             */
            has_password: boolean;
            /** Held */
            held: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Identities */
            identities: components["schemas"]["IdentityResponse"][];
            /** Last Used At */
            last_used_at: string | null;
            /** Monthly Tokens */
            monthly_tokens: number;
            /** Name */
            name: string;
            /** Plan */
            plan: string | null;
            /**
             * Projected Run Out Date
             * @description The day on which no tokens remain at this period's pace; null if not before the renewal.
             */
            projected_run_out_date: string | null;
            /**
             * Renews At
             * Format: date-time
             * @description When the next allowance opens.
             */
            renews_at: string;
            role: components["schemas"]["Role"];
            state: components["schemas"]["UserState"];
            subscription: components["schemas"]["SubscriptionResponse"] | null;
            /** Suspension Reason */
            suspension_reason: string | null;
            /** Tokens Remaining */
            tokens_remaining: number;
            /** Tokens Used */
            tokens_used: number;
            /**
             * Updated At
             * Format: date-time
             * @description Send it back with an edit (PATCH /admin/users/{id}).
             */
            updated_at: string;
            /** Usage Percent */
            usage_percent: number;
            wallet: components["schemas"]["WalletResponse"];
        };
        /**
         * UserResponse
         * @description One user with the balance in the present period.
         */
        UserResponse: {
            /** Contact Email */
            contact_email: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Credits */
            credits: number;
            /** Email */
            email: string | null;
            /** Held */
            held: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Monthly Tokens */
            monthly_tokens: number;
            /** Name */
            name: string;
            /** Plan */
            plan: string | null;
            role: components["schemas"]["Role"];
            state: components["schemas"]["UserState"];
            /** Tokens Remaining */
            tokens_remaining: number;
            /** Tokens Used */
            tokens_used: number;
            /** Usage Percent */
            usage_percent: number;
        };
        /**
         * UserSort
         * @description Sort keys of a list of users; ties are sorted by id.
         * @enum {string}
         */
        UserSort: "name" | "email" | "created_at" | "usage_percent" | "tokens_used" | "tokens_remaining";
        /**
         * UsersResponse
         * @description A page of users.
         */
        UsersResponse: {
            /** Data */
            data: components["schemas"]["UserResponse"][];
            /** Page */
            page: number;
            /** Page Size */
            page_size: number;
            /**
             * Total
             * @description Users that match all filters.
             */
            total: number;
            /**
             * Totals By State
             * @description Users that match all filters but `state`, per state; every state is listed.
             */
            totals_by_state: {
                [key: string]: number;
            };
        };
        /**
         * UserState
         * @description Derived from the wallet and `users.active`; never stored.
         * @enum {string}
         */
        UserState: "normal" | "alert_80" | "alert_90" | "blocked" | "suspended";
        /**
         * UserUpdate
         * @description The fields to change; absent fields keep their values.
         */
        UserUpdate: {
            /**
             * Alert Thresholds Percent
             * @description Percentages of use to notify at, each 1–100; empty: never.
             */
            alert_thresholds_percent?: number[] | null;
            /**
             * Contact Email
             * @description Empty: remove it.
             */
            contact_email?: string | null;
            /** Name */
            name?: string | null;
            /**
             * Updated At
             * Format: date-time
             * @description The value last read; 409 if it changed since.
             */
            updated_at: string;
        };
        /**
         * Via
         * @description How the caller is authenticated (SPEC 6, Who is calling).
         * @enum {string}
         */
        Via: "api_key" | "jwt" | "front_end" | "widget";
        /**
         * WalletAfterResponse
         * @description The wallet right after the change. All figures except the percentage are tokens.
         */
        WalletAfterResponse: {
            /** Allowance */
            allowance: number;
            /** Allowance Left */
            allowance_left: number;
            /** Allowance Used */
            allowance_used: number;
            /** Credits */
            credits: number;
            /** Held */
            held: number;
            /** Overage */
            overage: number;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /** Remaining */
            remaining: number;
            state: components["schemas"]["UserState"];
            /** Usage Percent */
            usage_percent: number;
            /** Used */
            used: number;
        };
        /**
         * WalletResponse
         * @description The wallet in the present period, as renewed if it is not open yet. Figures are tokens.
         */
        WalletResponse: {
            /** Allowance */
            allowance: number;
            /** Allowance Left */
            allowance_left: number;
            /** Allowance Used */
            allowance_used: number;
            /** Credits */
            credits: number;
            /** Held */
            held: number;
            /** Overage */
            overage: number;
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Refused Tokens
             * @description Tokens required by the last call if it was refused for lack of tokens; else 0.
             */
            refused_tokens: number;
            /** Used */
            used: number;
        };
        /**
         * WeightsBody
         * @description Tokens charged per token of each kind.
         */
        "WeightsBody-Input": {
            /**
             * Cached Input
             * @default 1
             */
            cached_input?: number;
            /**
             * Input
             * @default 1
             */
            input?: number;
            /**
             * Output
             * @default 1
             */
            output?: number;
            /**
             * Reasoning
             * @default 1
             */
            reasoning?: number;
        };
        /**
         * WeightsBody
         * @description Tokens charged per token of each kind.
         */
        "WeightsBody-Output": {
            /**
             * Cached Input
             * @default 1
             */
            cached_input?: number;
            /**
             * Input
             * @default 1
             */
            input?: number;
            /**
             * Output
             * @default 1
             */
            output?: number;
            /**
             * Reasoning
             * @default 1
             */
            reasoning?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The request's trace id, as in its log lines and in an error's `trace_id`. A valid `traceparent` is continued. */
        "X-Trace-Id": string;
    };
    pathItems: never;
}
export type AccountResponse = components['schemas']['AccountResponse'];
export type AccountsResponse = components['schemas']['AccountsResponse'];
export type AlertResponse = components['schemas']['AlertResponse'];
export type AllowanceChangeResponse = components['schemas']['AllowanceChangeResponse'];
export type ApiKeyResponse = components['schemas']['ApiKeyResponse'];
export type ApprovalBody = components['schemas']['ApprovalBody'];
export type ApprovalRulesBody = components['schemas']['ApprovalRulesBody'];
export type ApprovalRulesResponse = components['schemas']['ApprovalRulesResponse'];
export type Arithmetic = components['schemas']['Arithmetic'];
export type AuditEntryResponse = components['schemas']['AuditEntryResponse'];
export type AuditLogResponse = components['schemas']['AuditLogResponse'];
export type BlockStyle = components['schemas']['BlockStyle'];
export type CalculationBody = components['schemas']['CalculationBody'];
export type CalculationResponse = components['schemas']['CalculationResponse'];
export type Cause = components['schemas']['Cause'];
export type Check = components['schemas']['Check'];
export type CountsBody = components['schemas']['CountsBody'];
export type CountsResponse = components['schemas']['CountsResponse'];
export type CreatedAccountResponse = components['schemas']['CreatedAccountResponse'];
export type CreatedFrontEndResponse = components['schemas']['CreatedFrontEndResponse'];
export type Credentials = components['schemas']['Credentials'];
export type DashboardResponse = components['schemas']['DashboardResponse'];
export type DayResponse = components['schemas']['DayResponse'];
export type DaysResponse = components['schemas']['DaysResponse'];
export type Effective = components['schemas']['Effective'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type FinanceBucketResponse = components['schemas']['FinanceBucketResponse'];
export type FinanceResponse = components['schemas']['FinanceResponse'];
export type FinanceSumsResponse = components['schemas']['FinanceSumsResponse'];
export type FinanceUnit = components['schemas']['FinanceUnit'];
export type FrontEndCreate = components['schemas']['FrontEndCreate'];
export type FrontEndKind = components['schemas']['FrontEndKind'];
export type FrontEndResponse = components['schemas']['FrontEndResponse'];
export type FrontEndsResponse = components['schemas']['FrontEndsResponse'];
export type FrontEndUpdate = components['schemas']['FrontEndUpdate'];
export type GrantBody = components['schemas']['GrantBody'];
export type GrantReason = components['schemas']['GrantReason'];
export type GrantResponse = components['schemas']['GrantResponse'];
export type HeadersBody = components['schemas']['HeadersBody'];
export type Health = components['schemas']['Health'];
export type HeatCellResponse = components['schemas']['HeatCellResponse'];
export type HeatMapResponse = components['schemas']['HeatMapResponse'];
export type HistoryGroup = components['schemas']['HistoryGroup'];
export type HistorySumsResponse = components['schemas']['HistorySumsResponse'];
export type IdentityResponse = components['schemas']['IdentityResponse'];
export type JsonValue = components['schemas']['JsonValue'];
export type LimitBody = components['schemas']['LimitBody'];
export type LimitChangeResponse = components['schemas']['LimitChangeResponse'];
export type Me = components['schemas']['Me'];
export type ModelBody = components['schemas']['ModelBody'];
export type ModelResponse = components['schemas']['ModelResponse'];
export type ModelsResponse = components['schemas']['ModelsResponse'];
export type OfferedPackageResponse = components['schemas']['OfferedPackageResponse'];
export type OfferedPackagesResponse = components['schemas']['OfferedPackagesResponse'];
export type OpenRequestsResponse = components['schemas']['OpenRequestsResponse'];
export type OptionalReasonBody = components['schemas']['OptionalReasonBody'];
export type PackageCreate = components['schemas']['PackageCreate'];
export type PackageEdit = components['schemas']['PackageEdit'];
export type PackageResponse = components['schemas']['PackageResponse'];
export type PageAlertResponse = components['schemas']['Page_AlertResponse_'];
export type PageStaffReceiptResponse = components['schemas']['Page_StaffReceiptResponse_'];
export type PageSession = components['schemas']['PageSession'];
export type PageUser = components['schemas']['PageUser'];
export type PartResponse = components['schemas']['PartResponse'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type PendingDecisionBody = components['schemas']['PendingDecisionBody'];
export type PendingGrantResponse = components['schemas']['PendingGrantResponse'];
export type PendingGrantsResponse = components['schemas']['PendingGrantsResponse'];
export type PendingState = components['schemas']['PendingState'];
export type PlanBody = components['schemas']['PlanBody'];
export type PlanCreate = components['schemas']['PlanCreate'];
export type PlanResponse = components['schemas']['PlanResponse'];
export type PlansResponse = components['schemas']['PlansResponse'];
export type PlanUpdate = components['schemas']['PlanUpdate'];
export type PreviousResponse = components['schemas']['PreviousResponse'];
export type ReasonBody = components['schemas']['ReasonBody'];
export type RejectionBody = components['schemas']['RejectionBody'];
export type RequestState = components['schemas']['RequestState'];
export type ResetBody = components['schemas']['ResetBody'];
export type Role = components['schemas']['Role'];
export type RoleBody = components['schemas']['RoleBody'];
export type Session = components['schemas']['Session'];
export type SessionUser = components['schemas']['SessionUser'];
export type Split = components['schemas']['Split'];
export type StaffReceiptDetail = components['schemas']['StaffReceiptDetail'];
export type StaffReceiptResponse = components['schemas']['StaffReceiptResponse'];
export type StaffRequestResponse = components['schemas']['StaffRequestResponse'];
export type StaffRequestsResponse = components['schemas']['StaffRequestsResponse'];
export type StaffTransactionResponse = components['schemas']['StaffTransactionResponse'];
export type StaffTransactionsResponse = components['schemas']['StaffTransactionsResponse'];
export type StatsResponse = components['schemas']['StatsResponse'];
export type StatsRowResponse = components['schemas']['StatsRowResponse'];
export type SubscriptionResponse = components['schemas']['SubscriptionResponse'];
export type SumResponse = components['schemas']['SumResponse'];
export type SumsResponse = components['schemas']['SumsResponse'];
export type TemporaryPasswordResponse = components['schemas']['TemporaryPasswordResponse'];
export type TopConsumerResponse = components['schemas']['TopConsumerResponse'];
export type TypeResponse = components['schemas']['TypeResponse'];
export type Unit = components['schemas']['Unit'];
export type Urgency = components['schemas']['Urgency'];
export type UserCreate = components['schemas']['UserCreate'];
export type UserDetailResponse = components['schemas']['UserDetailResponse'];
export type UserResponse = components['schemas']['UserResponse'];
export type UserSort = components['schemas']['UserSort'];
export type UsersResponse = components['schemas']['UsersResponse'];
export type UserState = components['schemas']['UserState'];
export type UserUpdate = components['schemas']['UserUpdate'];
export type Via = components['schemas']['Via'];
export type WalletAfterResponse = components['schemas']['WalletAfterResponse'];
export type WalletResponse = components['schemas']['WalletResponse'];
export type WeightsBodyInput = components['schemas']['WeightsBody-Input'];
export type WeightsBodyOutput = components['schemas']['WeightsBody-Output'];
export type HeaderXTraceId = components['headers']['X-Trace-Id'];
export type $defs = Record<string, never>;
export interface operations {
    read_audit_log_admin_audit_log_get: {
        parameters: {
            query?: {
                /** @description Such as `user.suspend`; `user.*` matches all actions on users. */
                action?: string | null;
                /** @description The user who made the change. */
                actor_id?: string | null;
                /** @description `next_cursor` of the previous page. */
                cursor?: string | null;
                /** @description user, api_key, front_end, credit_transaction, credit_request, model, plan or package. */
                entity?: string | null;
                entity_id?: string | null;
                /** @description First day (YYYY-MM-DD). */
                from?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Last day (YYYY-MM-DD), included. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLogResponse"];
                };
            };
        };
    };
    list_requests_admin_credit_requests_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. */
                cursor?: string | null;
                /** @description First day (YYYY-MM-DD). */
                from?: string | null;
                /** @description Rows per page. */
                limit?: number;
                state?: components["schemas"]["RequestState"] | null;
                /** @description Last day (YYYY-MM-DD), included. */
                to?: string | null;
                urgency?: components["schemas"]["Urgency"] | null;
                user_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffRequestsResponse"];
                };
            };
        };
    };
    read_request_admin_credit_requests__ticket_number__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ticket number, such as SOL-2026-000123. */
                ticket_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffRequestResponse"];
                };
            };
        };
    };
    approve_admin_credit_requests__ticket_number__approve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ticket number, such as SOL-2026-000123. */
                ticket_number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffRequestResponse"];
                };
            };
            /** @description A second person has to approve the grant. */
            202: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantResponse"];
                };
            };
        };
    };
    reject_admin_credit_requests__ticket_number__reject_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Ticket number, such as SOL-2026-000123. */
                ticket_number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectionBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffRequestResponse"];
                };
            };
        };
    };
    list_transactions_admin_credits_transactions_get: {
        parameters: {
            query?: {
                /** @description The user who made the transaction. */
                actor_id?: string | null;
                /** @description `next_cursor` of the previous page. */
                cursor?: string | null;
                /** @description First day (YYYY-MM-DD). */
                from?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Last day (YYYY-MM-DD), included. */
                to?: string | null;
                transaction_type?: ("purchase" | "bonus" | "adjustment" | "refund" | "compensation") | null;
                user_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffTransactionsResponse"];
                };
            };
        };
    };
    read_dashboard_admin_dashboard_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardResponse"];
                };
            };
        };
    };
    export_users_admin_exports_users_get: {
        parameters: {
            query?: {
                /** @description First day (YYYY-MM-DD, customer's time zone). */
                created_from?: string | null;
                /** @description Last day, included. */
                created_to?: string | null;
                order?: "asc" | "desc";
                /** @description The plan's `plan_type`. */
                plan?: string | null;
                /** @description Words in name or e-mail addresses, or a prefix of an id (8+). */
                q?: string | null;
                role?: components["schemas"]["Role"] | null;
                sort?: components["schemas"]["UserSort"];
                state?: components["schemas"]["UserState"] | null;
                usage_percent_max?: number | null;
                usage_percent_min?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    read_finance_admin_finance_get: {
        parameters: {
            query?: {
                /** @description First day, YYYY-MM-DD. */
                from?: string | null;
                group_by?: components["schemas"]["FinanceUnit"];
                /** @description Last day, included; today by default. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FinanceResponse"];
                };
            };
        };
    };
    list_front_ends_admin_front_end_keys_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrontEndsResponse"];
                };
            };
        };
    };
    create_admin_front_end_keys_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FrontEndCreate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedFrontEndResponse"];
                };
            };
        };
    };
    revoke_admin_front_end_keys__id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The front end's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrontEndResponse"];
                };
            };
        };
    };
    edit_admin_front_end_keys__id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The front end's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FrontEndUpdate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrontEndResponse"];
                };
            };
        };
    };
    rotate_admin_front_end_keys__id__rotate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The front end's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedFrontEndResponse"];
                };
            };
        };
    };
    list_models_admin_models_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelsResponse"];
                };
            };
        };
    };
    put_model_admin_models__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's name in requests, or a pattern such as `openai/*`, which applies to the models that it matches and that have no weights of their own. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelResponse"];
                };
            };
        };
    };
    calculate_admin_models_calculation_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalculationBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalculationResponse"];
                };
            };
        };
    };
    list_packages_admin_packages_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedPackagesResponse"];
                };
            };
        };
    };
    create_package_admin_packages_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PackageCreate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedPackageResponse"];
                };
            };
        };
    };
    edit_package_admin_packages__id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PackageEdit"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedPackageResponse"];
                };
            };
        };
    };
    list_pending_admin_pending_grants_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
                state?: components["schemas"]["PendingState"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantsResponse"];
                };
            };
        };
    };
    read_pending_admin_pending_grants__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantResponse"];
                };
            };
        };
    };
    approve_admin_pending_grants__id__approve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PendingDecisionBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantResponse"];
                };
            };
        };
    };
    cancel_admin_pending_grants__id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantResponse"];
                };
            };
        };
    };
    reject_admin_pending_grants__id__reject_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PendingDecisionBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantResponse"];
                };
            };
        };
    };
    list_plans_admin_plans_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlansResponse"];
                };
            };
        };
    };
    create_plan_admin_plans_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanCreate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanResponse"];
                };
            };
        };
    };
    edit_plan_admin_plans__plan_type__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plan_type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanUpdate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanResponse"];
                };
            };
        };
    };
    read_rules_admin_settings_approvals_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalRulesResponse"];
                };
            };
        };
    };
    change_rules_admin_settings_approvals_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalRulesBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalRulesResponse"];
                };
            };
        };
    };
    list_staff_admin_staff_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountsResponse"];
                };
            };
        };
    };
    stream_admin_stream_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Server-sent events, until one side ends them. */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: live
                     *     data: {"at":"2026-11-22T14:00:01Z","source":"push","tokens":1250,"requests":3,…}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description The user is at the limit of open streams. */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    read_heat_map_admin_usage_heatmap_get: {
        parameters: {
            query?: {
                /** @description First day, YYYY-MM-DD. */
                from?: string | null;
                model?: string | null;
                /** @description Last day, included; today by default. */
                to?: string | null;
                user_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeatMapResponse"];
                };
            };
        };
    };
    read_stats_admin_usage_stats_get: {
        parameters: {
            query?: {
                format?: ("json" | "csv") | null;
                /** @description First day, YYYY-MM-DD. */
                from?: string | null;
                group_by?: components["schemas"]["Unit"];
                /** @description Only requests that asked for this model. */
                model?: string | null;
                split_by?: components["schemas"]["Split"] | null;
                /** @description Last day, included; today by default. */
                to?: string | null;
                /** @description Number of users with rows of their own for `split_by=user`. */
                top?: number;
                /** @description Only this user's requests. */
                user_id?: string | null;
            };
            header?: {
                accept?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    list_users_admin_users_get: {
        parameters: {
            query?: {
                /** @description First day (YYYY-MM-DD, customer's time zone). */
                created_from?: string | null;
                /** @description Last day, included. */
                created_to?: string | null;
                order?: "asc" | "desc";
                page?: number;
                page_size?: number;
                /** @description The plan's `plan_type`. */
                plan?: string | null;
                /** @description Words in name or e-mail addresses, or a prefix of an id (8+). */
                q?: string | null;
                role?: components["schemas"]["Role"] | null;
                sort?: components["schemas"]["UserSort"];
                state?: components["schemas"]["UserState"] | null;
                usage_percent_max?: number | null;
                usage_percent_min?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersResponse"];
                };
            };
        };
    };
    create_user_admin_users_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedAccountResponse"];
                };
            };
        };
    };
    read_user_admin_users__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserDetailResponse"];
                };
            };
        };
    };
    edit_user_admin_users__id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
        };
    };
    read_alerts_admin_users__id__alerts_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AlertResponse_"];
                };
            };
        };
    };
    anonymise_admin_users__id__anonymise_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
        };
    };
    add_credits_admin_users__id__credits_post: {
        parameters: {
            query?: never;
            header: {
                /** @description 1–200 visible ASCII characters, one per operation. */
                "idempotency-key": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantResponse"];
                };
            };
            /** @description A second person has to approve the grant. */
            202: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingGrantResponse"];
                };
            };
        };
    };
    read_days_admin_users__id__daily_get: {
        parameters: {
            query?: {
                /** @description First day, YYYY-MM-DD. */
                from?: string | null;
                /** @description Last day, included; today by default. */
                to?: string | null;
            };
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DaysResponse"];
                };
            };
        };
    };
    export_person_admin_users__id__export_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    set_limit_admin_users__id__limit_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitChangeResponse"];
                };
            };
        };
    };
    set_password_admin_users__id__password_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemporaryPasswordResponse"];
                };
            };
        };
    };
    set_plan_admin_users__id__plan_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitChangeResponse"];
                };
            };
        };
    };
    reactivate_admin_users__id__reactivate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OptionalReasonBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
        };
    };
    reset_admin_users__id__reset_post: {
        parameters: {
            query?: never;
            header: {
                /** @description 1–200 visible ASCII characters, one per operation. */
                "idempotency-key": string;
            };
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitChangeResponse"];
                };
            };
        };
    };
    set_role_admin_users__id__role_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
        };
    };
    suspend_admin_users__id__suspend_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountResponse"];
                };
            };
        };
    };
    read_usage_admin_users__id__usage_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Overrides `Accept`. */
                format?: ("json" | "csv") | null;
                /** @description First day (YYYY-MM-DD). */
                from?: string | null;
                /** @description Sums instead of single requests. */
                group_by?: components["schemas"]["HistoryGroup"] | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description The model asked for. */
                model?: string | null;
                /** @description Last day (YYYY-MM-DD), included. */
                to?: string | null;
            };
            header?: {
                accept?: string | null;
            };
            path: {
                /** @description The user's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_StaffReceiptResponse_"] | components["schemas"]["HistorySumsResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    read_receipt_admin_users__id__usage__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's id. */
                id: string;
                /** @description The request's id, as in its receipt. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffReceiptDetail"];
                };
            };
        };
    };
    login_api_auth_login_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    logout_api_auth_logout_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            204: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me_api_auth_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    password_api_auth_password_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    refresh_api_auth_refresh_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    present_api_auth_session_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSession"];
                };
            };
            /** @description No user is signed in. */
            204: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    enter_api_auth_session_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSession"];
                };
            };
        };
    };
    leave_api_auth_session_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            204: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    end_others_api_auth_session_end_others_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSession"];
                };
            };
        };
    };
    password_api_auth_session_password_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSession"];
                };
            };
        };
    };
    read_health_api_health_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Error */
            "4XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Error */
            "5XX": {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            200: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description PostgreSQL is away: nothing can be charged. */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}
