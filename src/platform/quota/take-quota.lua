-- Takes a quantity out of each of several limits, or out of none when one has no room.
-- KEYS[i]        counter of limit i in its current window
-- ARGV[3*i-2]    most of the window
-- ARGV[3*i-1]    quantity wanted
-- ARGV[3*i]      seconds the counter lives
-- returns        {taken (1 or 0), count of limit 1, count of limit 2, ...}; the counts as they are now
local answer = { 1 }
for i, key in ipairs(KEYS) do
  local count = tonumber(redis.call("GET", key) or "0")
  answer[i + 1] = count
  if count + tonumber(ARGV[3 * i - 1]) > tonumber(ARGV[3 * i - 2]) then
    answer[1] = 0
  end
end
if answer[1] == 1 then
  for i, key in ipairs(KEYS) do
    answer[i + 1] = redis.call("INCRBY", key, ARGV[3 * i - 1])
    redis.call("EXPIRE", key, ARGV[3 * i])
  end
end
return answer
