-- Replaces the stored names by those in $1; $2 holds the targets of each as a JSON list.
WITH given AS (
    SELECT name, ARRAY(SELECT jsonb_array_elements_text(targets::jsonb)) AS targets
    FROM unnest($1::text[], $2::text[]) AS given (name, targets)
),
gone AS (
    DELETE FROM served_names WHERE name <> ALL ($1::text[])
)
INSERT INTO served_names AS s (name, targets)
SELECT name, targets FROM given
ON CONFLICT (name) DO UPDATE SET targets = excluded.targets, read_at = now()
WHERE s.targets IS DISTINCT FROM excluded.targets
