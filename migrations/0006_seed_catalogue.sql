-- What a fresh installation offers; every row can be edited afterwards.
INSERT INTO plans (plan_type, name, monthly_tokens, price_brl, requests_per_minute, tokens_per_minute, sort_order) VALUES
    ('basico',       'Básico',        250000,   49.90,  300,  1000000, 1),
    ('profissional', 'Profissional', 1000000,  149.90,  600,  4000000, 2),
    ('empresarial',  'Empresarial',  5000000,  599.90, 1200, 20000000, 3);

INSERT INTO packages (id, name, tokens, amount_brl, badge, sort_order) VALUES
    ('pacote-200k', '200.000 tokens',    200000,  50.00, NULL,           1),
    ('pacote-500k', '500.000 tokens',    500000, 120.00, 'mais popular', 2),
    ('pacote-1m',   '1.000.000 tokens', 1000000, 230.00, NULL,           3);

-- Output limits are the providers' own; models that are not listed count with weight 1.
INSERT INTO models (name, output_limit_tokens, tokenizer) VALUES
    ('gpt-4',         8192, 'cl100k_base'),
    ('gpt-3.5-turbo', 4096, 'cl100k_base'),
    ('gpt-3.5',       4096, 'cl100k_base'),
    ('claude-3',      4096, 'o200k_base'),
    ('claude',        4096, 'o200k_base'),
    ('smollm2',       2048, 'o200k_base');
