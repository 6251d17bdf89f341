-- What the stream holds, the marker that tells whether Redis still remembers, and who answers: all in one, because a
-- failover may come between two questions. Sets a marker when there is none.
-- KEYS[1]  stream
-- KEYS[2]  marker
-- ARGV[1]  a new marker
-- returns  {marker, id of the oldest entry or "", run id of the server, its eviction policy}
redis.call("SET", KEYS[2], ARGV[1], "NX")
local first = redis.call("XRANGE", KEYS[1], "-", "+", "COUNT", 1)
local oldest = ""
if first[1] then
  oldest = first[1][1]
end
local run = string.match(redis.call("INFO", "server"), "run_id:(%w+)") or ""
local policy = string.match(redis.call("INFO", "memory"), "maxmemory_policy:([%w-]+)") or ""
return { redis.call("GET", KEYS[2]), oldest, run, policy }
