-- Appends records, unless Redis has lost its memory since the caller last looked or the stream is long enough.
-- KEYS[1]   stream
-- KEYS[2]   marker
-- ARGV[1]   marker the caller knows
-- ARGV[2]   most entries the stream may hold
-- ARGV[3..] records
-- returns   {status, id of the last entry added}; status is "lost", "full" or "added"
if redis.call("GET", KEYS[2]) ~= ARGV[1] then
  return { "lost", "" }
end
if redis.call("XLEN", KEYS[1]) >= tonumber(ARGV[2]) then
  return { "full", "" }
end
local last = ""
for i = 3, #ARGV do
  last = redis.call("XADD", KEYS[1], "*", "r", ARGV[i])
end
return { "added", last }
