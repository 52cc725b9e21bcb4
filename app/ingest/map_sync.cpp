#include "app/ingest/map_sync.hpp"

namespace ingest {

struct MapSync::Parts {};

MapSync::MapSync(std::string, db::Options, shm::ClicksBoard&) {}
MapSync::~MapSync() = default;

base::Micros MapSync::step(base::Micros, db::UnixSeconds) {
  return 250'000;
}

int MapSync::socket() const {
  return -1;
}

}  // namespace ingest
