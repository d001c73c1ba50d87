-- What each user used in each month, per model asked and ('') of all: it says who may be among a range's most charged, so that the
-- days of a few users are added up instead of everybody's. A rollup like those of 0012.
CREATE TABLE usage_user_months (
    month          date NOT NULL,
    model_asked    text NOT NULL,
    user_id        uuid NOT NULL,
    tokens_charged bigint NOT NULL,
    PRIMARY KEY (month, model_asked, user_id) INCLUDE (tokens_charged)
);
-- The days before this one are in it.
ALTER TABLE rollup_progress ADD COLUMN users_rolled_until date NOT NULL DEFAULT '-infinity';
