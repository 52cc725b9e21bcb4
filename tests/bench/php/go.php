<?php
// The baseline of a redirect: persistent PDO, and one statement in one round trip that finds the link and counts the
// click. It leaves out what it may: who clicked, whence, bots, days, a click that is sent twice.
declare(strict_types=1);

$database = new PDO($_SERVER['BENCH_DSN'], $_SERVER['BENCH_USER'], null, [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::PGSQL_ATTR_DISABLE_PREPARES => true,
]);
$statement = $database->prepare('update php_links set clicks = clicks + 1 where slug = ? returning url');
$statement->execute([substr(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), strlen('/go/'))]);
$url = $statement->fetchColumn();
if ($url === false) {
    http_response_code(404);
    exit;
}
header('Cache-Control: private, no-store');
header('Content-Length: 0');
header("Location: $url", true, 302);
