-- Draws calls and tokens from the buckets of several users in one round trip (GCRA).
-- buckets.py has the same in Python.
-- KEYS: one for each user. ARGV: four for each key: requests per minute, calls to draw (0 or 1),
-- tokens per minute, tokens to draw; a limit of 0 means unlimited.
-- A key holds the times, in microseconds of Redis's clock, at which the two buckets are full again.
-- Returns three integers for each call, and none for tokens alone: 0 admitted, 1 too many requests,
-- 2 too many tokens; microseconds until each bucket is full.
local MINUTE = 60000000
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local reply = {}
for i, key in ipairs(KEYS) do
  local requests, take = tonumber(ARGV[4 * i - 3]), tonumber(ARGV[4 * i - 2])
  local tokens, spent = tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i])
  local requests_full, tokens_full = now, now
  local stored = redis.call('GET', key)
  if stored then
    local first, second = string.match(stored, '^(%d+) (%d+)$')
    requests_full = math.max(now, tonumber(first))
    tokens_full = math.max(now, tonumber(second))
  end
  local verdict, changed = 0, false
  if take > 0 then
    local after = requests_full
    if requests > 0 then after = requests_full + math.floor(MINUTE / requests) end
    if after - now > MINUTE then
      verdict = 1
    elseif tokens > 0 and tokens_full - now >= MINUTE then
      verdict = 2
    else
      requests_full, changed = after, after > now
    end
  end
  if spent > 0 and tokens > 0 then
    tokens_full = math.min(tokens_full + math.floor(spent * MINUTE / tokens), now + 2 * MINUTE)
    changed = true
  end
  if changed then
    local last = math.max(requests_full, tokens_full)
    redis.call('SET', key, string.format('%.0f %.0f', requests_full, tokens_full), 'PX', math.ceil((last - now) / 1000) + 1)
  end
  if take > 0 then
    local count = #reply
    reply[count + 1], reply[count + 2], reply[count + 3] = verdict, requests_full - now, tokens_full - now
  end
end
return reply
