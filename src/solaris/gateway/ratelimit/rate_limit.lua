-- Takes calls from, and adds tokens to, the buckets of many users in one round trip (GCRA; rate_limit_buckets.py has the same in Python).
-- KEYS: one a user. ARGV: four for each key: requests a minute, calls to take (0 or 1), tokens a minute, tokens to add; 0: no limit.
-- A key holds the instants, in microseconds of Redis's clock, at which the user's two buckets are whole again.
-- Answers three integers for each call to be taken, and nothing for tokens alone: 0 admitted, 1 too many requests, 2 too many tokens;
-- microseconds until each bucket is whole.
local MINUTE = 60000000
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local answer = {}
for i, key in ipairs(KEYS) do
  local requests, take = tonumber(ARGV[4 * i - 3]), tonumber(ARGV[4 * i - 2])
  local tokens, spent = tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i])
  local requests_whole, tokens_whole = now, now
  local kept = redis.call('GET', key)
  if kept then
    local first, second = string.match(kept, '^(%d+) (%d+)$')
    requests_whole = math.max(now, tonumber(first))
    tokens_whole = math.max(now, tonumber(second))
  end
  local verdict, changed = 0, false
  if take > 0 then
    local after = requests_whole
    if requests > 0 then after = requests_whole + math.floor(MINUTE / requests) end
    if after - now > MINUTE then
      verdict = 1
    elseif tokens > 0 and tokens_whole - now >= MINUTE then
      verdict = 2
    else
      requests_whole, changed = after, after > now
    end
  end
  if spent > 0 and tokens > 0 then
    tokens_whole = math.min(tokens_whole + math.floor(spent * MINUTE / tokens), now + 2 * MINUTE)
    changed = true
  end
  if changed then
    local last = math.max(requests_whole, tokens_whole)
    redis.call('SET', key, string.format('%.0f %.0f', requests_whole, tokens_whole), 'PX', math.ceil((last - now) / 1000) + 1)
  end
  if take > 0 then
    local told = #answer
    answer[told + 1], answer[told + 2], answer[told + 3] = verdict, requests_whole - now, tokens_whole - now
  end
end
return answer
