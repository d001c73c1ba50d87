/** Generated from the API by `make types`; never edited by hand. */

export interface paths {
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
    "/api/credits/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Packages on sale
         * @description The active packages in display order, and the payment methods of this installation.
         */
        get: operations["packages_api_credits_packages_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/purchase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Buy credits
         * @description `manual` creates a request with a ticket number, which staff decide; the balance does not change yet. `stripe` is refused with `payment_method_unavailable` if the installation does not accept it. With an `Idempotency-Key`, a repeat returns the first answer and the header `Idempotent-Replay: true`; the same key with another body is a 409. Suspended users get 403 `user_suspended`.
         */
        post: operations["purchase_api_credits_purchase_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Own credit requests
         * @description The caller's requests with their decisions, newest first.
         */
        get: operations["requests_api_credits_requests_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/requests/{ticket_number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One credit request
         * @description One of the caller's requests by its ticket number; other users' requests are a 404.
         */
        get: operations["one_request_api_credits_requests__ticket_number__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/requests/{ticket_number}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a pending request
         * @description Cancels one of the caller's pending requests. A repeat changes nothing; a decided request is a 409.
         */
        post: operations["cancel_api_credits_requests__ticket_number__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Own credit transactions
         * @description All additions to and removals from the caller's credits, newest first.
         */
        get: operations["transactions_api_credits_transactions_get"];
        put?: never;
        post?: never;
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
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your API keys
         * @description Keys in force, newest first.
         */
        get: operations["list_keys_api_keys_get"];
        put?: never;
        /**
         * Create an API key
         * @description The key is shown once and stored hashed. A user may have 20 keys in force. Suspended users get 403 `user_suspended`.
         */
        post: operations["create_api_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}": {
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
         * Revoke an API key
         * @description From now on, calls with this key are refused.
         */
        delete: operations["revoke_api_keys__key_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/alerts/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge an alert
         * @description Mark the `alert` of `GET /api/tokens/current`, and any lower one, as seen.
         *
         *     Idempotent. Returns a higher alert that was raised meanwhile, or null. After a grant, or in
         *     the next period, crossing the threshold raises the alert again.
         */
        post: operations["acknowledge_alert_api_tokens_alerts_acknowledge_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/consume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Charge tokens directly
         * @description Charge tokens, for tools outside the chat.
         *
         *     Give either `tokens`, charged 1:1, or `usage`, charged by the model's weights. Each
         *     `request_id` is charged exactly once: a repeat returns the same body with
         *     `Idempotent-Replay: true`; the same id with another body is refused (409). The `X-Solaris-…`
         *     headers show the current balance. 402 if the tokens left do not cover the charge; 429, with
         *     `Retry-After`, beyond the plan's rate, and if the tokens are held by calls in progress
         *     (`tokens_held_by_calls_in_progress`).
         */
        post: operations["consume_api_tokens_consume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Balance now
         * @description Allowance, credits, usage and state of the caller in the current period.
         */
        get: operations["read_current_api_tokens_current_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Own usage
         * @description Receipts of settled requests, newest first, paginated by `limit` and `cursor`. With `group_by` their sums: at most `limit` rows, 2000 without `limit` (`truncated`: there are more), and no `cursor`. `from` and `to` are days in the customer's time zone, both included. `format=csv` or `Accept: text/csv` downloads all matching rows for Brazilian Excel, at most 100000 rows (2000 sums); if there are more, the last line says so.
         */
        get: operations["read_history_api_tokens_history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/history/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One request's receipt
         * @description Counts, weights and the arithmetic of the tokens charged. 404 for a request that was not charged, or belongs to another user.
         */
        get: operations["read_receipt_api_tokens_history__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Balance, live
         * @description Server-sent events of the caller's balance, with changes made by any process.
         *
         *     - `balance`: at once, and after each charge, grant or other change: the fields of
         *       /api/tokens/current under the same names, and `cause` (current, charge, grant, renewal or
         *       change). Its id grows with every charge.
         *     - `alert`: `threshold_percent` and `message`, when a threshold is crossed, and at the start
         *       of the stream while it is not acknowledged.
         *     - `grant`: the new credit transaction.
         *     - `end`: the server ends the stream; `reason` is `not_authenticated`, `user_suspended`,
         *       `forbidden` or `server_restart`.
         *
         *     A comment is sent every 15 seconds. A slow reader gets the latest balance, not every one. A
         *     new connection starts with the present balance, so `Last-Event-ID` is not needed.
         */
        get: operations["stream_api_tokens_stream_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/widget/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect a counter
         * @description A read-only token for the widget on a chat page, valid for 30 days. At most 20 are in force; then the oldest is revoked. Needs a session and the page's origin, or a front end's key with its user. Suspended users get 403 `user_suspended`.
         */
        post: operations["create_api_widget_token_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/widget/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List connected counters
         * @description The caller's tokens in force, newest first.
         */
        get: operations["list_tokens_api_widget_tokens_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/widget/tokens/{token_id}": {
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
         * Disconnect a counter
         * @description The token is refused from now on; its open streams end.
         */
        delete: operations["revoke_api_widget_tokens__token_id__delete"];
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
         * AlertLeft
         * @description The alert that is still to be shown.
         */
        AlertLeft: {
            /**
             * Alert
             * @description A higher threshold crossed meanwhile; else null
             */
            alert: number | null;
        };
        /**
         * AlertSeen
         * @description The alert that was shown to the user.
         * @example {
         *       "alert": 80
         *     }
         */
        AlertSeen: {
            /**
             * Alert
             * @description The `alert` of GET /api/tokens/current
             */
            alert: number;
        };
        /**
         * Allowance
         * @description The monthly tokens of the subscription.
         */
        Allowance: {
            /** Granted */
            granted: number;
            /** Left */
            left: number;
            /** Used */
            used: number;
        };
        /**
         * ApiKeyCreate
         * @description The API key to create.
         */
        ApiKeyCreate: {
            /**
             * Name
             * @example notebook
             */
            name: string;
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
         * ConsumeRequest
         * @description Tokens to charge: either `tokens`, as given, or `usage`, times the model's weights.
         * @example {
         *       "request_id": "relatorio-2026-11-22",
         *       "tokens": 1250
         *     }
         */
        ConsumeRequest: {
            /** Model */
            model?: string | null;
            /**
             * Request Id
             * @description Chosen by the client; a repeat is not charged again
             */
            request_id: string;
            /** Tokens */
            tokens?: number | null;
            usage?: components["schemas"]["UsageCounts"] | null;
        };
        /**
         * Consumption
         * @description The charge. A repeated request returns the same body.
         */
        Consumption: {
            /**
             * Allowance Part
             * @description Taken from the monthly allowance
             */
            allowance_part: number;
            /**
             * Charged At
             * Format: date-time
             */
            charged_at: string;
            /**
             * Credits Part
             * @description Taken from credits
             */
            credits_part: number;
            /** Model */
            model: string;
            /**
             * Overage
             * @description Charged beyond the balance
             */
            overage: number;
            /** Request Id */
            request_id: string;
            /** Tokens Charged */
            tokens_charged: number;
            /**
             * Tokens Remaining
             * @description Tokens remaining right after this charge
             */
            tokens_remaining: number;
        };
        /**
         * CountedInput
         * @description Number of tokens in a prompt. `object` is OpenAI's and absent in Anthropic's response.
         */
        CountedInput: {
            /** Input Tokens */
            input_tokens: number;
            /** Object */
            object?: string | null;
        };
        /**
         * CreatedKey
         * @description A new API key with its secret; no later answer contains it.
         */
        CreatedKey: {
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
             * Key
             * @description The key. It is shown only in this answer.
             */
            key: string;
            /**
             * Last Used At
             * @description Accurate to five minutes.
             */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Prefix
             * @description The first characters of the key, to identify it.
             */
            prefix: string;
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
         * CurrentTokens
         * @description A user's balance in this period.
         */
        CurrentTokens: {
            /**
             * Alert
             * @description The highest threshold crossed and not acknowledged, in percent
             */
            alert: number | null;
            allowance: components["schemas"]["Allowance"];
            /** Credits */
            credits: number;
            /**
             * Held
             * @description Tokens held for calls in progress
             */
            held: number;
            /**
             * Monthly Tokens
             * @description Tokens that the subscription grants each month
             */
            monthly_tokens: number;
            /**
             * Overage
             * @description Tokens charged beyond the balance; the next grant or allowance repays them first
             */
            overage: number;
            period: components["schemas"]["PeriodTimes"];
            /**
             * Plan
             * @description The subscription's plan; null without a subscription
             */
            plan: string | null;
            /**
             * Projected Run Out Date
             * @description At this period's rate of use; null if the tokens last until the renewal or none were used
             */
            projected_run_out_date: string | null;
            /**
             * Refused Tokens
             * @description Tokens that the last call needed if it was refused for lack of tokens; else 0
             */
            refused_tokens: number;
            /**
             * Renews At
             * Format: date-time
             */
            renews_at: string;
            /**
             * State
             * @description normal, alert_80, alert_90, blocked (no tokens left, or too few for the last call) or suspended
             */
            state: string;
            /**
             * Tokens Remaining
             * @description Allowance left + credits left − held
             */
            tokens_remaining: number;
            /**
             * Tokens Used
             * @description Tokens charged in this period, from allowance and credits
             */
            tokens_used: number;
            /**
             * Usage Percent
             * @description 100 × used / (used + allowance left + credits left)
             */
            usage_percent: number;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
        };
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
         * Key
         * @description An API key without its secret part.
         */
        Key: {
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
             * Last Used At
             * @description Accurate to five minutes.
             */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Prefix
             * @description The first characters of the key, to identify it.
             */
            prefix: string;
        };
        /**
         * Keys
         * @description The caller's keys in force, newest first.
         */
        Keys: {
            /** Data */
            data: components["schemas"]["Key"][];
        };
        /**
         * ListedModel
         * @description One model, with OpenAI's fields and Anthropic's.
         *
         *     `object`, `created` and `owned_by` are OpenAI's; `type`, `display_name` and `created_at` are
         *     Anthropic's.
         */
        ListedModel: {
            /**
             * Created
             * @default 0
             */
            created?: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Display Name */
            display_name: string;
            /** Id */
            id: string;
            /**
             * Object
             * @default model
             */
            object?: string;
            /**
             * Owned By
             * @default
             */
            owned_by?: string;
            /**
             * Type
             * @default model
             */
            type?: string;
        };
        /**
         * ListedWidgetToken
         * @description A widget token without its secret.
         */
        ListedWidgetToken: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Origin
             * @description Empty if a chat server requested the token without one.
             */
            origin: string;
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
         * ModelList
         * @description The active models, all on one page. `has_more`, `first_id` and `last_id` are Anthropic's.
         */
        ModelList: {
            /** Data */
            data: components["schemas"]["ListedModel"][];
            /** First Id */
            first_id?: string | null;
            /**
             * Has More
             * @default false
             */
            has_more?: boolean;
            /** Last Id */
            last_id?: string | null;
            /**
             * Object
             * @default list
             */
            object?: string;
        };
        /**
         * NewWidgetToken
         * @description A new widget token; no later answer contains it.
         */
        NewWidgetToken: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Expires In
             * @description Seconds until it expires.
             */
            expires_in: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Origin
             * @description Empty if a chat server requested the token without one.
             */
            origin: string;
            /**
             * Token
             * @description Only reads its user's balance; send it as `Authorization: Bearer …`.
             */
            token: string;
        };
        /**
         * PackageResponse
         * @description A package on sale.
         */
        PackageResponse: {
            /** Amount Brl */
            amount_brl: number;
            /**
             * Badge
             * @description A label for the card, such as 'mais popular'.
             */
            badge: string | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Tokens */
            tokens: number;
        };
        /**
         * PackagesResponse
         * @description The packages on sale and the payment methods.
         */
        PackagesResponse: {
            /** Data */
            data: components["schemas"]["PackageResponse"][];
            /**
             * Methods
             * @description Payment methods that this installation accepts.
             */
            methods: ("stripe" | "manual")[];
        };
        /** Page[ReceiptResponse] */
        Page_ReceiptResponse_: {
            /** Data */
            data: components["schemas"]["ReceiptResponse"][];
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
         * PeriodTimes
         * @description The current period; `ends_at` is exclusive.
         */
        PeriodTimes: {
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
        };
        /**
         * PurchaseBody
         * @description What to buy: a package, or a number of tokens that staff price.
         */
        PurchaseBody: {
            /**
             * Method
             * @description `manual`: a request that staff decide.
             * @enum {string}
             */
            method: "stripe" | "manual";
            /**
             * Note
             * @default
             */
            note?: string;
            /**
             * Package Id
             * @description Id of a package on sale (see GET /api/credits/packages).
             */
            package_id?: string | null;
            /**
             * Tokens
             * @description A number of tokens instead of a package.
             */
            tokens?: number | null;
            /** @default normal */
            urgency?: components["schemas"]["Urgency"];
        };
        /**
         * PurchaseResponse
         * @description The new request, with a message to the user on what happens next.
         */
        PurchaseResponse: {
            /**
             * Amount Brl
             * @description The package's price; without a package null until staff set it.
             */
            amount_brl: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decided At */
            decided_at: string | null;
            /** Decision Reason */
            decision_reason: string | null;
            /** Message */
            message: string;
            /**
             * Method
             * @default manual
             * @constant
             */
            method?: "manual";
            /** Note */
            note: string;
            /** Package Id */
            package_id: string | null;
            state: components["schemas"]["RequestState"];
            /** Ticket Number */
            ticket_number: string;
            /** Tokens */
            tokens: number;
            urgency: components["schemas"]["Urgency"];
        };
        /**
         * ReceiptDetail
         * @description One request with the arithmetic of its charge.
         */
        ReceiptDetail: {
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
         * ReceiptResponse
         * @description One settled request.
         */
        ReceiptResponse: {
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
         * RequestResponse
         * @description A credit request of the caller.
         */
        RequestResponse: {
            /**
             * Amount Brl
             * @description The package's price; without a package null until staff set it.
             */
            amount_brl: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decided At */
            decided_at: string | null;
            /** Decision Reason */
            decision_reason: string | null;
            /** Note */
            note: string;
            /** Package Id */
            package_id: string | null;
            state: components["schemas"]["RequestState"];
            /** Ticket Number */
            ticket_number: string;
            /** Tokens */
            tokens: number;
            urgency: components["schemas"]["Urgency"];
        };
        /**
         * RequestsResponse
         * @description A page of the caller's requests, newest first.
         */
        RequestsResponse: {
            /** Data */
            data: components["schemas"]["RequestResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * RequestState
         * @description The state of a credit request; only `pending` can change.
         * @enum {string}
         */
        RequestState: "pending" | "approved" | "rejected" | "cancelled";
        /**
         * Role
         * @description A user's role: `user` only chats, all others are staff.
         * @enum {string}
         */
        Role: "user" | "support" | "operator" | "admin" | "super_admin";
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
         * TransactionResponse
         * @description A change of the caller's credits.
         */
        TransactionResponse: {
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
             * Tokens Added
             * @description Negative if tokens were removed.
             */
            tokens_added: number;
            /**
             * Transaction Type
             * @enum {string}
             */
            transaction_type: "purchase" | "bonus" | "adjustment" | "refund" | "compensation";
        };
        /**
         * TransactionsResponse
         * @description A page of the caller's credit transactions, newest first.
         */
        TransactionsResponse: {
            /** Data */
            data: components["schemas"]["TransactionResponse"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Urgency
         * @description How soon the user needs the credits.
         * @enum {string}
         */
        Urgency: "low" | "normal" | "high";
        /**
         * UsageCounts
         * @description Counts as a provider reports them: input includes cached input, output includes reasoning.
         */
        UsageCounts: {
            /**
             * Cached Input Tokens
             * @default 0
             */
            cached_input_tokens?: number;
            /**
             * Input Tokens
             * @default 0
             */
            input_tokens?: number;
            /**
             * Output Tokens
             * @default 0
             */
            output_tokens?: number;
            /**
             * Reasoning Tokens
             * @default 0
             */
            reasoning_tokens?: number;
        };
        /**
         * Via
         * @description How the caller is authenticated (SPEC 6, Who is calling).
         * @enum {string}
         */
        Via: "api_key" | "jwt" | "front_end" | "widget";
        /**
         * WidgetTokenCreate
         * @description The page that gets the token.
         */
        WidgetTokenCreate: {
            /**
             * Origin
             * @description The chat page's origin, one of SOLARIS_WIDGET_ORIGINS. Optional only with a front end's key.
             * @example https://chat.example.com.br
             */
            origin?: string | null;
        };
        /**
         * WidgetTokenList
         * @description The caller's tokens in force, newest first.
         */
        WidgetTokenList: {
            /** Data */
            data: components["schemas"]["ListedWidgetToken"][];
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
export type AlertLeft = components['schemas']['AlertLeft'];
export type AlertSeen = components['schemas']['AlertSeen'];
export type Allowance = components['schemas']['Allowance'];
export type ApiKeyCreate = components['schemas']['ApiKeyCreate'];
export type Arithmetic = components['schemas']['Arithmetic'];
export type Check = components['schemas']['Check'];
export type ConsumeRequest = components['schemas']['ConsumeRequest'];
export type Consumption = components['schemas']['Consumption'];
export type CountedInput = components['schemas']['CountedInput'];
export type CreatedKey = components['schemas']['CreatedKey'];
export type Credentials = components['schemas']['Credentials'];
export type CurrentTokens = components['schemas']['CurrentTokens'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type Health = components['schemas']['Health'];
export type HistoryGroup = components['schemas']['HistoryGroup'];
export type HistorySumsResponse = components['schemas']['HistorySumsResponse'];
export type Key = components['schemas']['Key'];
export type Keys = components['schemas']['Keys'];
export type ListedModel = components['schemas']['ListedModel'];
export type ListedWidgetToken = components['schemas']['ListedWidgetToken'];
export type Me = components['schemas']['Me'];
export type ModelList = components['schemas']['ModelList'];
export type NewWidgetToken = components['schemas']['NewWidgetToken'];
export type PackageResponse = components['schemas']['PackageResponse'];
export type PackagesResponse = components['schemas']['PackagesResponse'];
export type PageReceiptResponse = components['schemas']['Page_ReceiptResponse_'];
export type PageSession = components['schemas']['PageSession'];
export type PageUser = components['schemas']['PageUser'];
export type PartResponse = components['schemas']['PartResponse'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type PeriodTimes = components['schemas']['PeriodTimes'];
export type PurchaseBody = components['schemas']['PurchaseBody'];
export type PurchaseResponse = components['schemas']['PurchaseResponse'];
export type ReceiptDetail = components['schemas']['ReceiptDetail'];
export type ReceiptResponse = components['schemas']['ReceiptResponse'];
export type RequestResponse = components['schemas']['RequestResponse'];
export type RequestsResponse = components['schemas']['RequestsResponse'];
export type RequestState = components['schemas']['RequestState'];
export type Role = components['schemas']['Role'];
export type Session = components['schemas']['Session'];
export type SessionUser = components['schemas']['SessionUser'];
export type SumResponse = components['schemas']['SumResponse'];
export type TransactionResponse = components['schemas']['TransactionResponse'];
export type TransactionsResponse = components['schemas']['TransactionsResponse'];
export type Urgency = components['schemas']['Urgency'];
export type UsageCounts = components['schemas']['UsageCounts'];
export type Via = components['schemas']['Via'];
export type WidgetTokenCreate = components['schemas']['WidgetTokenCreate'];
export type WidgetTokenList = components['schemas']['WidgetTokenList'];
export type HeaderXTraceId = components['headers']['X-Trace-Id'];
export type $defs = Record<string, never>;
export interface operations {
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
    packages_api_credits_packages_get: {
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
                    "application/json": components["schemas"]["PackagesResponse"];
                };
            };
        };
    };
    purchase_api_credits_purchase_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PurchaseBody"];
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
                    "application/json": components["schemas"]["PurchaseResponse"];
                };
            };
        };
    };
    requests_api_credits_requests_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
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
                    "application/json": components["schemas"]["RequestsResponse"];
                };
            };
        };
    };
    one_request_api_credits_requests__ticket_number__get: {
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
                    "application/json": components["schemas"]["RequestResponse"];
                };
            };
        };
    };
    cancel_api_credits_requests__ticket_number__cancel_post: {
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
                    "application/json": components["schemas"]["RequestResponse"];
                };
            };
        };
    };
    transactions_api_credits_transactions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
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
                    "application/json": components["schemas"]["TransactionsResponse"];
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
    list_keys_api_keys_get: {
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
                    "application/json": components["schemas"]["Keys"];
                };
            };
        };
    };
    create_api_keys_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
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
                    "application/json": components["schemas"]["CreatedKey"];
                };
            };
        };
    };
    revoke_api_keys__key_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
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
            204: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    acknowledge_alert_api_tokens_alerts_acknowledge_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertSeen"];
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
                    "application/json": components["schemas"]["AlertLeft"];
                };
            };
        };
    };
    consume_api_tokens_consume_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsumeRequest"];
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
                    "application/json": components["schemas"]["Consumption"];
                };
            };
        };
    };
    read_current_api_tokens_current_get: {
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
                    "application/json": components["schemas"]["CurrentTokens"];
                };
            };
        };
    };
    read_history_api_tokens_history_get: {
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
                    "application/json": components["schemas"]["Page_ReceiptResponse_"] | components["schemas"]["HistorySumsResponse"];
                    "text/csv": string;
                };
            };
        };
    };
    read_receipt_api_tokens_history__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["ReceiptDetail"];
                };
            };
        };
    };
    stream_api_tokens_stream_get: {
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
                     * @example retry: 2000
                     *
                     *     id: 2026-11-01.000000000001250
                     *     event: balance
                     *     data: {"cause":"charge","tokens_used":1250,"tokens_remaining":248750,"usage_percent":0.5,"state":"normal","alert":null,…}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description The user is suspended. */
            403: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The user is at the limit of open streams. */
            429: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description This process is at its limit of open streams, or PostgreSQL is away. */
            503: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    create_api_widget_token_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WidgetTokenCreate"];
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
                    "application/json": components["schemas"]["NewWidgetToken"];
                };
            };
        };
    };
    list_tokens_api_widget_tokens_get: {
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
                    "application/json": components["schemas"]["WidgetTokenList"];
                };
            };
        };
    };
    revoke_api_widget_tokens__token_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
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
            204: {
                headers: {
                    "X-Trace-Id": components["headers"]["X-Trace-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
