-- What the stream holds, and the marker that tells whether Redis still remembers; sets one when there is none.
-- KEYS[1]  stream
-- KEYS[2]  marker
-- ARGV[1]  a new marker
-- returns  {marker, id of the oldest entry or ""}
redis.call("SET", KEYS[2], ARGV[1], "NX")
local first = redis.call("XRANGE", KEYS[1], "-", "+", "COUNT", 1)
local oldest = ""
if first[1] then
  oldest = first[1][1]
end
return { redis.call("GET", KEYS[2]), oldest }
