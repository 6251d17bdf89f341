-- Acknowledges entries and removes them, as one step: a process that dies between the two would leave
-- entries that nobody is ever given again.
-- KEYS[1]   stream
-- ARGV[1]   consumer group
-- ARGV[2..] entry ids
-- returns   how many entries were still there
local removed = 0
for i = 2, #ARGV do
  redis.call("XACK", KEYS[1], ARGV[1], ARGV[i])
  removed = removed + redis.call("XDEL", KEYS[1], ARGV[i])
end
return removed
