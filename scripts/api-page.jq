# Run by scripts/api-page, with $template and $document.
$document[0] as $doc |
def deref: if type == "object" and has("$ref") then .["$ref"] | ltrimstr("#/") | split("/") as $at | $doc | getpath($at) | deref else . end;
def prose: @html | gsub("`(?<word>[^`]+)`"; "<code>\(.word)</code>");
def row: "<tr><td>\(.[0])</td><td>\(.[1])</td></tr>";
def table($first; $second): "<table>\n<tr><th scope=\"col\">\($first)</th><th scope=\"col\">\($second)</th></tr>\n\(join("\n"))\n</table>";

# What a schema lets a value be, in a word or two.
def kind:
  deref |
  if .enum then .enum | map("<code>\(. | @html)</code>") | join(", ")
  elif .anyOf then .anyOf | map(kind) | join(" or ")
  elif (.type | type) == "array" then . as $schema | .type | map(. as $one | if $one == "null" then $one else $schema | .type = $one | kind end) | join(" or ")
  elif .type == "array" then "array of " + (.items | kind)
  elif .format == "uri" then "URL"
  elif .format == "date-time" then "time (RFC 3339)"
  elif .format == "date" then "day (YYYY-MM-DD)"
  elif .format == "uuid" then "UUID"
  else .type // "any value" end;
def limits:
  deref |
  [if .default != null then "without it: <code>\(.default)</code>" else empty end,
   if .maxLength and (.type | tostring | contains("string")) and .format != "uri" then "up to \(.maxLength) characters" else empty end,
   if .maxItems then "up to \(.maxItems)" else empty end] | map(", " + .) | join("");

def parameter_rows($in): [.parameters[] | deref | select(.in == $in and .name != "X-Request-Id") |
  ["<code>\(.name)</code>", "\(.description | prose) <span class=\"quiet\">\(.schema | kind)\(.schema | limits)</span>"] | row];
def parameters: (parameter_rows("query") | if length > 0 then table("Query parameter"; "Meaning") else empty end),
  (parameter_rows("header") | if length > 0 then table("Header"; "Meaning") else empty end);

def codes: [.content["application/problem+json"]?.schema?.allOf?[]?.properties?.code?.enum[]?];
def errors: [.responses | to_entries[] | .key as $status | .value | deref | codes |
  select(length > 0) | "\($status) " + (map("<a href=\"/docs/errors#\(.)\"><code>\(.)</code></a>") | join(", "))] |
  if length > 0 then "<details><summary>Errors</summary>\n<p>" + join("<br>\n") + "</p>\n</details>" else empty end;
def scope: {"none": "No key needed.", "read": "Needs any key.", "write": "Needs a key with the scope <code>write</code>."}[.["x-scope"]];

def operations: [$doc.paths | to_entries[] | .key as $path | .value | to_entries[] | {path: $path, method: .key} + .value];
def operation($id): [operations[] | select(.operationId == $id)][0] // error("there is no operation \($id)") |
  "<h3 id=\"\($id)\">\(.method | ascii_upcase) <code>\(.path | @html)</code></h3>\n<p>\(.description | prose)</p>\n<p class=\"quiet\">\(scope)</p>",
  parameters, errors;

# JSON for people: whatever is short stays on its line.
def flat:
  if type == "object" then "{" + ([to_entries[] | "\(.key | tojson): \(.value | flat)"] | join(", ")) + "}"
  elif type == "array" then "[" + (map(flat) | join(", ")) + "]"
  else tojson end;
def pretty($indent):
  flat as $flat |
  if (type != "object" and type != "array") or ($flat + $indent | length) < 76 then $flat
  elif type == "array" then "[\n" + (map("\($indent)  " + pretty($indent + "  ")) | join(",\n")) + "\n\($indent)]"
  else "{\n" + ([to_entries[] | "\($indent)  \(.key | tojson): \(.value | pretty($indent + "  "))"] | join(",\n")) + "\n\($indent)}" end;

def answer($id; $status): ([operations[] | select(.operationId == $id)][0] // error("there is no operation \($id)")) |
  (.responses[$status] | deref | .content // {} | to_entries[0].value.example // error("\($id) has no example of a \($status)")) as $example |
  "<p class=\"quiet\">\(.method | ascii_upcase) <code>\(.path | @html)</code> answers \($status), for example:</p>",
  "<pre tabindex=\"0\" class=\"answer\"><code>\($example | pretty("") | gsub("https://quietleaks[.]example"; "https://this-host") | @html)</code></pre>";

def properties: deref | [(.allOf[]? | properties), (.properties // {})] | add;
def members($name): ($doc.components.schemas[$name] // error("there is no schema \($name)")) | . as $schema | properties | to_entries |
  map(["<code>\(.key)</code>", "\(.value | deref | .description // "" | prose) <span class=\"quiet\">\(.value | kind)\(.value | limits)</span>"] | row) |
  table("Member"; "Meaning");

def all_codes: [$doc.components.responses[] | (.content["application/problem+json"]?.example.status) as $status | codes[] | [$status, .]] | unique |
  map(["\(.[0])", "<a href=\"/docs/errors#\(.[1])\"><code>\(.[1])</code></a>"] | row) | table("Status"; "Code");

([$template | scan("(?m)^@operation ([A-Za-z]+)@$") | .[0]]) as $told |
([operations[] | select(.method != "head") | .operationId] - $told) as $untold |
if $untold != [] then error("the template leaves out: \($untold | join(", "))") else empty end,
($template | rtrimstr("\n") | split("\n")[] |
  if test("^@operation [A-Za-z]+@$") then operation(.[11:-1])
  elif test("^@members [A-Za-z]+@$") then members(.[9:-1])
  elif test("^@answer [A-Za-z]+ [0-9]+@$") then (.[1:-1] | split(" ")) as $words | answer($words[1]; $words[2])
  elif . == "@codes@" then all_codes
  else . end)
