// The product's own statements for pgbench, taken from the server's log while a live worker executes them: they cannot
// drift from what we ship. pgbench asks for text results where the product takes binary ones; all else is the same.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accounts } from "./data.mjs";

const notOurs = /api_key_hashes|last_used_at/;  // the key's own statements

// The last statement in the log that was executed as prepared, and its parameters as text.
function lastExecuted(log) {
  const entry = /execute [^\n:]+: ((?:[^\n]|\n\t)*)\n[^\n]*DETAIL:  parameters: ((?:[^\n]|\n\t)*)/g;
  const found = [...log.matchAll(entry)].filter(([, sql]) => !notOurs.test(sql));
  if (found.length === 0) throw new Error("the server's log shows no prepared statement of the product");
  const [, sql, list] = found.at(-1);
  const parameters = [...list.matchAll(/\$\d+ = (NULL|'(?:[^']|'')*')/g)]
    .map(([, value]) => (value === "NULL" ? null : value.slice(1, -1).replaceAll("''", "'")));
  return { sql: sql.replaceAll("\n\t", "\n"), parameters };
}

// With pgbench's variables for $1, $2 …; a NULL, which pgbench cannot bind, is written out.
function script({ sql, parameters }, suffix) {
  return `${sql.replace(/\$(\d+)/g, (_, n) => (parameters[n - 1] === null ? "null" : `:p${n}${suffix}`))};\n`;
}

const variables = ({ parameters }, suffix) => Object.fromEntries(
  parameters.flatMap((value, i) => (value === null ? [] : [[`p${i + 1}${suffix}`, value]])));

// Sets stack.statements = { list, one }, each as pgbench() wants it, and stack.sessionOptions.
// `links`: [{ accountId, id, path, key }], of which the first is asked for and twenty are in the script.
export async function captureStatements(stack, links) {
  const logFile = join(stack.state, "postgres/postgres.log");
  const ask = async (path, key) => {
    const start = readFileSync(logFile, "utf8").length;
    const answer = await stack.get(path, { key });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
    return lastExecuted(readFileSync(logFile, "utf8").slice(start));
  };
  stack.sql("alter role quietleaks_web set log_min_duration_statement = 0", stack.superUrl);
  await stack.restartWeb();
  const list = await ask("/api/v1/links", stack.keys.get(accounts.list)[0]);
  const one = await ask(links[0].path, links[0].key);
  stack.sql("alter role quietleaks_web reset log_min_duration_statement", stack.superUrl);
  await stack.restartWeb();

  const some = links.slice(0, 20).map((link) => ({
    sql: one.sql,
    parameters: one.parameters.map((value) =>
      value === links[0].id ? link.id : value === links[0].accountId ? link.accountId : value),
  }));
  stack.statements = {
    list: { script: join(stack.room, "list.sql"), variables: variables(list, "") },
    one: {
      script: join(stack.room, "one.sql"), perScript: some.length,
      variables: Object.assign({}, ...some.map((each, i) => variables(each, `_${i}`))),
    },
  };
  writeFileSync(stack.statements.list.script, script(list, ""));
  writeFileSync(stack.statements.one.script, some.map((each, i) => script(each, `_${i}`)).join(""));
  // db/connection.cpp sets the same for its sessions.
  stack.sessionOptions = "-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0";
}
