#include "app/shm/scoreboard.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <unistd.h>

#include "app/base/clock.hpp"

namespace shm {
namespace {

constexpr char kMagic[] = {'Q', 'L', 'S', 'C', 'O', 'R', 'E', '2'};
constexpr std::size_t kSlotsAt =
    (sizeof(ScoreboardHeader) + alignof(WorkerSlot) - 1) / alignof(WorkerSlot) * alignof(WorkerSlot);

static_assert(sizeof(kMagic) == sizeof(ScoreboardHeader::magic));
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free);

}  // namespace

std::size_t Scoreboard::bytes(int slots) {
  return kSlotsAt + static_cast<std::size_t>(slots) * sizeof(WorkerSlot);
}

void Scoreboard::format(void* memory, int slots) {
  if (slots < 1 || slots > kMaxWorkers) throw std::invalid_argument("scoreboard: 1 to 256 workers");
  std::memset(memory, 0, bytes(slots));
  auto* header = static_cast<ScoreboardHeader*>(memory);
  header->slot_bytes = sizeof(WorkerSlot);
  header->slots = static_cast<std::uint32_t>(slots);
  header->master_pid = getpid();  // and it stays that: a reload keeps the process
  header->master_started_at = base::unix_seconds();
  std::copy(std::begin(kMagic), std::end(kMagic), header->magic);
}

Scoreboard::Scoreboard(void* memory) : header_(static_cast<ScoreboardHeader*>(memory)) {
  if (!std::equal(std::begin(kMagic), std::end(kMagic), header_->magic))
    throw std::runtime_error("scoreboard: not a scoreboard, or one that its master is still making");
  if (header_->slot_bytes != sizeof(WorkerSlot) || header_->slots < 1 || header_->slots > kMaxWorkers)
    throw std::runtime_error("scoreboard: written by another version of quietleaks-web");
}

Scoreboard::Scoreboard(const Region& region)
    : Scoreboard(region.size() >= sizeof(ScoreboardHeader)
                     ? region.data()
                     : throw std::runtime_error("scoreboard: cut short, or one that its master is still making")) {
  if (region.size() < bytes(static_cast<int>(header_->slots))) throw std::runtime_error("scoreboard: cut short");
}

std::span<WorkerSlot> Scoreboard::slots() const {
  char* first = reinterpret_cast<char*>(header_) + kSlotsAt;
  return {reinterpret_cast<WorkerSlot*>(first), header_->slots};
}

}  // namespace shm
