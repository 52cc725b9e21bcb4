-- wrk -s wrk.lua URL -- FILE: sends the requests of FILE in turn, a line each: PATH, the Location to be expected (not
-- looked at here) and header fields, separated by tabs. Ends with one line of JSON.
local requests, last = {}, 0

local function headers_of(fields)
  local headers = {}
  for name, value in fields:gmatch("([^\t:]+): ([^\t]*)") do headers[name] = value end
  return headers
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, fields = line:match("^([^\t]*)\t[^\t]*\t?(.*)$")
    requests[#requests + 1] = wrk.format("GET", path, headers_of(fields))
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local e = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%.6f,"bytes":%d,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,' ..
    '"errors":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}}',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    e.connect, e.read, e.write, e.timeout, e.status))
end
