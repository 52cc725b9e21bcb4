<?php
// The baseline of `make bench`: what a PHP developer would write for the same two endpoints. Persistent PDO, bound
// parameters in one round trip each (faster here than PDO's own prepare), opcache. It leaves out what it may: no rate
// limit, no ETag, no Link header, no key checksum, and clicks_30d is taken from the counter as it stands.
declare(strict_types=1);

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    $text = json_encode($body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
    header('Content-Length: ' . strlen($text));
    echo $text;
    exit;
}

function rows(PDO $database, string $sql, array $parameters): array
{
    $statement = $database->prepare($sql);
    $statement->execute($parameters);
    return $statement->fetchAll(PDO::FETCH_ASSOC);
}

const MEMBERS = "id, label, url, 'https://links.example.com/go/' || slug as proxy_url, program, status,
    to_char(last_checked_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as last_checked_at, clicks_30d,
    to_char(created_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as created_at";

$database = new PDO($_SERVER['BENCH_DSN'], $_SERVER['BENCH_USER'], null, [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::PGSQL_ATTR_DISABLE_PREPARES => true,
]);

if (!preg_match('/^Bearer (ql_[A-Za-z0-9]{36})$/', $_SERVER['HTTP_AUTHORIZATION'] ?? '', $match)) {
    answer(401, ['title' => 'Unauthorized', 'status' => 401]);
}
$key = rows($database, "select k.account_id from api_key_hashes h
      join api_keys k on k.account_id = h.account_id and k.id = h.key_id
      join accounts a on a.id = k.account_id join plans p on p.name = a.plan
     where h.hash = decode(?, 'hex') and k.revoked_at is null and p.api_access
       and (k.expires_at is null or k.expires_at > now())", [hash('sha256', $match[1])])[0] ?? null;
if ($key === null) {
    answer(401, ['title' => 'Unauthorized', 'status' => 401]);
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (preg_match('#^/api/v1/links/([0-9a-f-]{36})$#', $path, $match)) {
    $link = rows($database, 'select ' . MEMBERS . ' from links where account_id = ? and id = ?',
        [$key['account_id'], $match[1]])[0] ?? null;
    answer($link ? 200 : 404, $link ?? ['title' => 'Not Found', 'status' => 404]);
}

$limit = max(1, min(500, (int) ($_GET['limit'] ?? 100)));
$offset = max(0, (int) ($_GET['offset'] ?? 0));
$total = rows($database, 'select links_total from account_counters where account_id = ?', [$key['account_id']])[0]['links_total'];
$links = rows($database, 'select ' . MEMBERS . ' from links where account_id = ?
     order by links.created_at desc, id desc limit ? offset ?', [$key['account_id'], $limit, $offset]);
answer(200, ['links' => $links, 'total' => $total, 'limit' => $limit, 'offset' => $offset,
    'has_more' => $offset + count($links) < $total]);
