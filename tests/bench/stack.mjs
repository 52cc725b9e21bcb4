// The instance that is measured: PostgreSQL with the data set, the product behind nginx, and the things it is compared
// with. Everything is private to this run, listens on the loopback or on unix sockets, and ends with close().
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { prepareData } from "./data.mjs";
import { fill, freePort, headersOf, here, programs, run, top, until } from "./tools.mjs";

const isRoot = userInfo().uid === 0;
const webUser = isRoot ? "www-data" : userInfo().username;  // whom nginx, the workers and PHP run as

export class Stack {
  #children = [];  // in the order of their start

  // settings: { state, workers, million, accounts }
  constructor(settings) {
    Object.assign(this, settings);
    this.room = mkdtempSync("/tmp/ql-bench-");  // sockets' paths must be short, and nginx's user must reach its files
    chmodSync(this.room, 0o755);
    this.logs = join(settings.state, "logs");
    rmSync(this.logs, { recursive: true, force: true });  // the last run's
    mkdirSync(this.logs, { recursive: true });
  }

  async start() {
    this.#startPostgres();
    this.keys = prepareData(this);
    this.#furnish();
    await this.#renderNginx();
    this.php = this.#spawn("php-fpm8.2", ["-F", "-y", join(this.room, "fpm.conf"), "-d", "opcache.enable=1"]);
    this.hello = this.#spawn(join(programs, "bench-hello"), [join(this.room, "hello.sock"), String(this.workers)]);
    await this.startWeb();
    this.nginx = this.#spawn("nginx", ["-p", this.room, "-c", join(this.room, "nginx/nginx.conf"), "-g", "daemon off;"]);
    await this.#untilReady();
    await until("PHP", () => existsSync(join(this.room, "php.sock")));
  }

  #startPostgres() {
    const start = () => run("scripts/private-postgres", ["start", join(this.state, "postgres"), "--socket-dir", join(this.room, "pg")],
      { env: { ...process.env, PG_WEB_USER: webUser } }).trim();
    this.ownerUrl = start();
    this.superUrl = this.ownerUrl.replace("quietleaks@", "postgres@");
    this.webUrl = this.ownerUrl.replace("quietleaks@", "quietleaks_web@");
    if (this.sql("show shared_buffers", this.superUrl) !== "1GB") {  // a quarter of a small server's memory, as is customary
      this.sql("alter system set shared_buffers = '1GB'", this.superUrl);
      this.sql("alter system set max_wal_size = '4GB'", this.superUrl);
      this.#stopPostgres();
      start();
    }
    this.postgres = Number(readFileSync(join(this.state, "postgres/data/postmaster.pid"), "utf8").split("\n")[0]);
  }

  #stopPostgres() {
    run("scripts/private-postgres", ["stop", join(this.state, "postgres"), "--socket-dir", join(this.room, "pg")]);
  }

  // What nginx and PHP read: copies, because their user may not be able to enter the clone.
  #furnish() {
    cpSync(join(top, "nginx/html"), join(this.room, "html"), { recursive: true });
    writeFileSync(join(this.room, "html/30k.json"), "x".repeat(30000));
    cpSync(join(here, "php"), join(this.room, "php"), { recursive: true });
    fill(join(here, "php/fpm.conf.in"), join(this.room, "fpm.conf"), {
      ROOM: this.room, LOG_DIR: this.logs, WORKERS: this.workers,
      USER_LINES: isRoot ? `user = ${webUser}\ngroup = ${webUser}` : "",
    });
    run("scripts/make-cert", [join(this.state, "tls")]);
    this.ca = readFileSync(join(this.state, "tls/ca.pem"));
    writeFileSync(join(this.room, "quietleaks.toml"), `public_url = "https://links.example.com"
[database]
url = "${this.webUrl}"
[server]
run_dir = "${this.room}/run"
state_dir = "${this.room}/state"
${isRoot ? `user = "${webUser}"\nsocket_group = "${webUser}"\n` : ""}[clicks]
database_url = "${this.webUrl.replace("quietleaks_web@", "quietleaks_clicks@")}"
[pools.api]
workers = ${this.workers}
${this.goWorkers ? `[pools.go]\nworkers = ${this.goWorkers}\n` : ""}`);
  }

  async #renderNginx() {
    this.port = await freePort();
    this.benchPort = await freePort();
    const conf = join(this.room, "nginx");
    const values = {
      CONF_DIR: conf, ROOM: this.room, BENCH_PORT: this.benchPort,
      CERTIFICATE: join(this.state, "tls/server.pem"), CERTIFICATE_KEY: join(this.state, "tls/server.key"),
    };
    run("nginx/render", [conf, "PUBLIC_URL=https://links.example.com", `HTTPS_LISTEN=127.0.0.1:${this.port}`,
      `HTTP_LISTEN=127.0.0.1:${await freePort()}`, `RUN_DIR=${this.room}/run`, `CERTIFICATE=${values.CERTIFICATE}`,
      `CERTIFICATE_KEY=${values.CERTIFICATE_KEY}`, `HTML_DIR=${this.room}/html`, `LOG_DIR=${this.logs}`,
      ...(isRoot ? [`USER=${webUser}`] : [])]);
    fill(join(here, "nginx.conf.in"), join(conf, "bench.conf"), values);
    const site = join(conf, "site.conf");
    writeFileSync(site, `${readFileSync(site, "utf8")}\ninclude ${conf}/bench.conf;\n`);
  }

  async startWeb() {
    this.web = this.#spawn(join(programs, "quietleaks-web"), ["--config", join(this.room, "quietleaks.toml")]);
    await until("quietleaks-web", () => existsSync(join(this.room, "run/api.sock")));
  }

  // The pages that are checked; sets `shop`, their URL.
  async startShop() {
    if (this.shop) return;
    const port = await freePort();
    this.#spawn(join(programs, "bench-slow-pages"), [String(port), "50"]);
    this.shop = `http://127.0.0.1:${port}`;
    await until("the shop", () => fetch(`${this.shop}/links/1`).then(({ ok }) => ok, () => false));
  }

  async restartWeb() {
    await this.stop(this.web);
    await this.startWeb();
    await this.#untilReady();
  }

  #untilReady() {
    return until("the API", async () => (await this.get("/readyz").catch(() => ({}))).status === 200);
  }

  // A child dies with this process, however that ends; Ctrl-C reaches it through close() alone.
  #spawn(command, args) {
    const log = openSync(join(this.logs, `${command.split("/").pop()}.log`), "a");
    const child = spawn("setpriv", ["--pdeathsig", "TERM", command, ...args],
      { cwd: this.room, detached: true, stdio: ["ignore", log, log] });
    this.#children.push(child);
    child.once("exit", (code, signal) => {
      if (!child.wanted) return;
      console.error(`bench: ${command} ended by itself (${signal ?? code}); see ${this.logs}`);
    });
    child.wanted = true;
    return child.pid;
  }

  async stop(pid) {
    const child = this.#children.find((one) => one.pid === pid);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.wanted = false;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(10000, undefined, { ref: false }).then(() => child.kill("SIGKILL"))]);
  }

  async close() {
    for (const child of this.#children.slice().reverse()) await this.stop(child.pid);
    if (this.ownerUrl) this.#stopPostgres();
    rmSync(this.room, { recursive: true, force: true });
  }

  sql(statement, url = this.ownerUrl, input) {
    return run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url, "-c", statement], { input }).trim();
  }

  giveToWeb(path) {
    if (isRoot) run("chown", ["-R", `${webUser}:${webUser}`, path]);
  }

  // Statements that a load generator has turned its back on may still be running.
  untilIdle() {
    const active = "select count(*) from pg_stat_activity where usename like 'quietleaks\\_%' and state = 'active'";
    return until("an idle database", () => this.sql(active, this.superUrl) === "0");
  }

  get(path, { port = this.port, ...request } = {}) {
    const headers = headersOf(request);
    return new Promise((resolved, rejected) => {
      const options = { host: "127.0.0.1", port, path, headers, ca: this.ca, agent: false };
      httpsRequest(options, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => resolved({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
      }).on("error", rejected).end();
    });
  }
}
