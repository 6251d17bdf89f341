-- Forgets consumers that took nothing for long and hold nothing, as one step: Redis would drop what a consumer took
-- meanwhile along with it.
-- KEYS[1]  stream
-- ARGV[1]  consumer group
-- ARGV[2]  milliseconds that a consumer took nothing
-- returns  how many were forgotten
local forgotten = 0
for _, fields in ipairs(redis.call("XINFO", "CONSUMERS", KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #fields, 2 do
    consumer[fields[i]] = fields[i + 1]
  end
  if consumer.pending == 0 and consumer.idle > tonumber(ARGV[2]) then
    redis.call("XGROUP", "DELCONSUMER", KEYS[1], ARGV[1], consumer.name)
    forgotten = forgotten + 1
  end
end
return forgotten
