#include "db/programs.hpp"

#include "db/session.hpp"

namespace db {
namespace {

const Statement kAll = {"ql_programs", "read the programs", R"sql(
select program.name, program.identity_parameters, program.click_parameters,
       array(select host from program_hosts where program_hosts.program = program.name order by host)
  from programs as program
 order by lower(program.name) collate "C"
)sql"};
enum ProgramColumn { kName, kIdentity, kClick, kHosts };

const Statement kAdd = {"ql_add_program", "add a program", R"sql(
insert into programs (name, identity_parameters, click_parameters) values ($1::text, $2::text[], $3::text[])
)sql"};

const Statement kSetParameters = {"ql_set_program", "change a program", R"sql(
update programs set identity_parameters = $2::text[], click_parameters = $3::text[]
 where lower(name) = lower($1::text) returning name
)sql"};

// The lock keeps the program there until its hosts are in.
const Statement kFind = {"ql_find_program", "find a program",
                         "select name from programs where lower(name) = lower($1::text) for key share"};

const Statement kAddHosts = {"ql_add_program_hosts", "add a program's hosts", R"sql(
insert into program_hosts (program, host) select $1::text, host from unnest($2::text[]) as host
)sql"};

const Statement kRemove = {"ql_remove_program", "remove a program",
                           "delete from programs where lower(name) = lower($1::text) returning name"};

const Statement kRemoveHost = {"ql_remove_program_host", "remove a program's host",
                               "delete from program_hosts where host = $1::text returning host"};

// Whether it found a row.
bool change(Session& session, const Statement& statement, const std::string& key) {
  bool found = false;
  without_nul(key);
  session.write(statement.task,
                [&](soci::session&) { found = session.step(statement, Parameters().text(key)).rows() > 0; });
  return found;
}

}  // namespace

std::vector<Program> Programs::all() {
  const Result result = session_.query(kAll, {});
  std::vector<Program> programs;
  programs.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row)
    programs.push_back({.name = result.text(row, kName),
                        .hosts = result.texts(row, kHosts),
                        .identity_parameters = result.texts(row, kIdentity),
                        .click_parameters = result.texts(row, kClick)});
  return programs;
}

void Programs::add(const Program& program) {
  const auto identity = text_array(program.identity_parameters), click = text_array(program.click_parameters),
             hosts = text_array(program.hosts);
  without_nul(program.name);
  session_.write(kAdd.task, [&](soci::session&) {
    session_.step(kAdd, Parameters().text(program.name).array(identity).array(click));
    session_.step(kAddHosts, Parameters().text(program.name).array(hosts));
  });
}

bool Programs::set_parameters(const Program& program) {
  const auto identity = text_array(program.identity_parameters), click = text_array(program.click_parameters);
  bool found = false;
  without_nul(program.name);
  session_.write(kSetParameters.task, [&](soci::session&) {
    found = session_.step(kSetParameters, Parameters().text(program.name).array(identity).array(click)).rows() > 0;
  });
  return found;
}

bool Programs::add_hosts(const std::string& name, const std::vector<std::string>& hosts) {
  const auto given = text_array(hosts);
  bool found = false;
  without_nul(name);
  session_.write(kAddHosts.task, [&](soci::session&) {
    const Result program = session_.step(kFind, Parameters().text(name));
    found = program.rows() > 0;
    if (found) session_.step(kAddHosts, Parameters().text(program.view(0, kName)).array(given));
  });
  return found;
}

bool Programs::remove(const std::string& name) {
  return change(session_, kRemove, name);
}

bool Programs::remove_host(const std::string& host) {
  return change(session_, kRemoveHost, host);
}

}  // namespace db
