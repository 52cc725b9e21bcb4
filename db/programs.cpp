#include "db/programs.hpp"

#include "db/array.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kAll = {"ql_programs", "read programs", R"sql(
select name, tag_parameters, click_parameters,
       array(select host from program_hosts where program = programs.name order by host)
  from programs order by name
)sql"};

const Statement kStore = {"ql_store_program", "store a program", R"sql(
insert into programs (name, tag_parameters, click_parameters) values ($1::text, $2::text[], $3::text[])
    on conflict (name) do update
   set tag_parameters = excluded.tag_parameters, click_parameters = excluded.click_parameters
)sql"};

const Statement kDropHosts = {"ql_drop_program_hosts", "store a program's hosts",
                              "delete from program_hosts where program = $1::text and host <> all ($2::text[])"};

const Statement kStoreHosts = {"ql_store_program_hosts", "store a program's hosts", R"sql(
insert into program_hosts (host, program) select host, $1::text from unnest($2::text[]) as given (host)
    on conflict (host) do update set program = excluded.program
)sql"};

const Statement kRemove = {"ql_remove_program", "remove a program",
                           "delete from programs where name = $1::text returning name"};

}  // namespace

std::vector<Program> Programs::all() {
  const auto result = session_.query(kAll, {});
  std::vector<Program> programs;
  for (int row = 0; row < result.rows(); ++row)
    programs.push_back({.name = result.text(row, 0),
                        .hosts = result.texts(row, 3),
                        .tag_parameters = result.texts(row, 1),
                        .click_parameters = result.texts(row, 2)});
  return programs;
}

void Programs::store(const Program& program) {
  const auto hosts = text_array(program.hosts);
  const auto tags = text_array(program.tag_parameters), clicks = text_array(program.click_parameters);
  session_.together("store a program", [&] {
    session_.query(kStore, Parameters().text(program.name).array(tags).array(clicks));
    session_.query(kDropHosts, Parameters().text(program.name).array(hosts));
    session_.query(kStoreHosts, Parameters().text(program.name).array(hosts));
  });
}

bool Programs::remove(const std::string& name) {
  return session_.query(kRemove, Parameters().text(name)).rows() > 0;
}

}  // namespace db
