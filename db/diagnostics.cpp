#include "db/diagnostics.hpp"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace db {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

}  // namespace

ErrorKind kind_of(const std::string& sqlstate) {
  // The first prefix that fits decides. PostgreSQL manual, appendix A.
  static constexpr std::array<std::pair<std::string_view, ErrorKind>, 13> kKinds = {{
      {"23505", ErrorKind::conflict},
      {"23", ErrorKind::invalid},
      {"22", ErrorKind::invalid},
      {"40001", ErrorKind::retry},
      {"40P01", ErrorKind::retry},
      {"57014", ErrorKind::timeout},
      {"55P03", ErrorKind::timeout},
      {"08", ErrorKind::unavailable},
      {"57P", ErrorKind::unavailable},
      {"53", ErrorKind::unavailable},
      {"25006", ErrorKind::unavailable},  // read-only: the server has just become a standby
      {"25P03", ErrorKind::unavailable},  // the server closed an idle transaction
      {"28", ErrorKind::unavailable},
  }};
  for (const auto& [prefix, kind] : kKinds)
    if (sqlstate.starts_with(prefix)) return kind;
  return ErrorKind::internal;
}

void Diagnostics::watch(PGconn* connection) {
  clear();
  farewell_ = false;
  PQsetNoticeReceiver(connection, &Diagnostics::on_notice, this);
  PQregisterEventProc(connection, &Diagnostics::on_event, "quietleaks", this);
}

void Diagnostics::clear() {
  sqlstate_.clear();
  constraint_.clear();
  message_.clear();
}

int Diagnostics::on_event(PGEventId id, void* info, void* self) {
  if (id == PGEVT_RESULTCREATE) static_cast<Diagnostics*>(self)->keep(static_cast<PGEventResultCreate*>(info)->result);
  return 1;
}

void Diagnostics::on_notice(void* self, const PGresult* notice) {
  const auto severity = field(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity == "FATAL" || severity == "PANIC")
    static_cast<Diagnostics*>(self)->farewell_ = true;
  else
    std::fputs(PQresultErrorMessage(notice), stderr);  // to the operator who migrates; sessions ask for none
}

void Diagnostics::keep(const PGresult* result) {
  if (any() || PQresultStatus(result) != PGRES_FATAL_ERROR) return;  // the first failure tells most
  sqlstate_ = field(result, PG_DIAG_SQLSTATE);
  constraint_ = field(result, PG_DIAG_CONSTRAINT_NAME);
  // Class 22 quotes the value that it complains of.
  message_ = sqlstate_.starts_with("22") ? "a value has the wrong form" : field(result, PG_DIAG_MESSAGE_PRIMARY);
}

Error Diagnostics::error(const std::string& task, bool connection_lost) const {
  const std::string prefix = "could not " + task + ": ";
  if (connection_lost) {
    const std::string said = message_.empty() ? "" : " (" + message_ + ")";
    return {ErrorKind::unavailable, sqlstate_.empty() ? "08006" : sqlstate_, "",
            prefix + "the connection was lost" + said};
  }
  return {kind_of(sqlstate_), sqlstate_, constraint_, prefix + (message_.empty() ? "no answer" : message_)};
}

}  // namespace db
