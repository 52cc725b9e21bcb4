#include "app/clicks/link_map_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

#include "app/base/crypto.hpp"
#include "app/base/log.hpp"
#include "app/clicks/link_map_file.hpp"
#include "app/clicks/segment_writer.hpp"

namespace clicks {
namespace {

namespace fs = std::filesystem;

// N of "links-N.map" and of what lies beside it.
std::optional<int> number_of(const std::string& name) {
  constexpr std::string_view kPrefix = "links-";
  if (!name.starts_with(kPrefix) || name.find(".map") == std::string::npos) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), number);
  return error == std::errc() && std::string_view(end).starts_with(".map") ? std::optional(number) : std::nullopt;
}

std::vector<fs::path> map_files(const std::string& state_dir) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(state_dir))
    if (number_of(entry.path().filename())) files.push_back(entry.path());
  return files;
}

// One that no file had that is still there, and none that a reader may have open: numbers only rise.
std::string new_path(const std::string& state_dir, const std::string& current) {
  int number = number_of(fs::path(current).filename()).value_or(0);
  for (const auto& file : map_files(state_dir)) number = std::max(number, *number_of(file.filename()));
  return state_dir + "/links-" + std::to_string(number + 1) + ".map";
}

void remove_map(const std::string& path) {
  ::unlink(path.c_str());
  ::unlink((path + "-lock").c_str());
}

// All but the current one: old ones, and those of rebuilds that died. Readers that have one open keep it.
void remove_others(const std::string& state_dir, const std::string& current) {
  for (const auto& file : map_files(state_dir))
    if (file != current && file != current + "-lock") ::unlink(file.c_str());
}

void point_to(const std::string& state_dir, const std::string& path) {
  const std::string unfinished = map_link(state_dir) + ".new";
  ::unlink(unfinished.c_str());
  const std::string name = fs::path(path).filename();
  require(::symlink(name.c_str(), unfinished.c_str()) == 0 ? 0 : errno, "name the new link map");
  require(::rename(unfinished.c_str(), map_link(state_dir).c_str()) == 0 ? 0 : errno, "swap the link map");
  sync_directory(state_dir);
}

void put(const MapFile& file, MDB_txn* transaction, std::string_view key_text, std::string_view value_text,
         unsigned flags = 0) {
  MDB_val key = to_value(key_text), value = to_value(value_text);
  int result = mdb_put(transaction, file.links(), &key, &value, flags);
  if (flags == MDB_APPEND && result == MDB_KEYEXIST) result = mdb_put(transaction, file.links(), &key, &value, 0);
  require(result, "write to the link map");
}

void remove(const MapFile& file, MDB_txn* transaction, std::string_view key_text) {
  MDB_val key = to_value(key_text);
  const int result = mdb_del(transaction, file.links(), &key, nullptr);
  if (result != MDB_NOTFOUND) require(result, "remove from the link map");
}

bool is_key(const std::string& slug) {
  return !slug.empty() && slug.size() <= kMaxSlugBytes && slug.front() != '.';
}

// The database's constraints let nothing pass that does not fit; if it happens, only that link is not in the map.
void write(const MapFile& file, MDB_txn* transaction, std::span<const MapEntry> entries, unsigned flags) {
  std::string value;
  for (const auto& entry : entries) {
    const bool fits = is_key(entry.slug) && entry.url.size() <= kMaxUrlBytes;
    if (!fits) base::log::error("link_map_refuses", {{"slug", entry.slug}});
    if (!is_key(entry.slug)) continue;
    if (!fits || entry.url.empty()) {
      remove(file, transaction, entry.slug);
      continue;
    }
    value.assign(entry.account_id.begin(), entry.account_id.end());
    value.append(entry.link_id.begin(), entry.link_id.end());
    put(file, transaction, entry.slug, value.append(entry.url), flags);
  }
}

using Salts = std::vector<std::pair<db::DayNumber, std::string>>;

Salts salts(const MapFile& file, MDB_txn* transaction) {
  MDB_cursor* opened = nullptr;
  require(mdb_cursor_open(transaction, file.links(), &opened), "read the salts");
  const std::unique_ptr<MDB_cursor, decltype(&mdb_cursor_close)> cursor(opened, &mdb_cursor_close);
  Salts found;
  MDB_val key = to_value(kSaltPrefix), value{};
  int result = mdb_cursor_get(opened, &key, &value, MDB_SET_RANGE);
  for (; result == 0 && to_text(key).starts_with(kSaltPrefix);
       result = mdb_cursor_get(opened, &key, &value, MDB_NEXT)) {
    const auto day = to_text(key).substr(kSaltPrefix.size());
    found.emplace_back(0, to_text(value));
    std::from_chars(day.data(), day.data() + day.size(), found.back().first);
  }
  if (result != MDB_NOTFOUND) require(result, "read the salts");
  return found;
}

}  // namespace

struct LinkMapWriter::Parts {
  std::string state_dir;
  std::optional<MapFile> current;
  std::optional<MapFile> rebuild;
  MapState state;  // of the current one
  std::int64_t links = 0;

  void open_or_make();
  void open(const std::string& path);
  void make_empty();
  void put_in_place(MapFile& made, const MapState& made_state);
  void abandon_rebuild();
};

void LinkMapWriter::Parts::open(const std::string& path) {
  current.reset();
  current.emplace(path, MapFile::Use::write);
  const auto transaction = current->begin(0);
  state = current->state(transaction.get());
  links = current->count_links(transaction.get());
}

void LinkMapWriter::Parts::make_empty() {
  current.reset();
  std::optional<MapFile> made(std::in_place, new_path(state_dir, current_map(state_dir).value_or("")),
                              MapFile::Use::build);
  const std::string path = made->path();
  put_in_place(*made, {});
  made.reset();
  open(path);
}

void LinkMapWriter::Parts::open_or_make() {
  const auto path = current_map(state_dir);
  if (path) try {
      open(*path);
    } catch (const MapError& error) {
      // Another user's, who is no longer ours (server.user), is of no use to the readers either.
      if (!error.damaged() && error.code() != ENOENT && error.code() != EACCES) throw;
      base::log::error("link_map_damaged", {{"file", *path}, {"reason", error.what()}});
      current.reset();
    }
  if (!current) make_empty();
  remove_others(state_dir, current->path());
}

// What was written without a sync becomes what every reader opens.
void LinkMapWriter::Parts::put_in_place(MapFile& made, const MapState& made_state) {
  auto transaction = made.begin(1);
  made.put_state(transaction.get(), made_state);
  made.commit(std::move(transaction));
  made.sync();
  point_to(state_dir, made.path());
}

void LinkMapWriter::Parts::abandon_rebuild() {
  if (!rebuild) return;
  const std::string path = rebuild->path();
  rebuild.reset();
  remove_map(path);
}

LinkMapWriter::LinkMapWriter(const std::string& state_dir) : parts_(std::make_unique<Parts>()) {
  parts_->state_dir = state_dir;
  parts_->open_or_make();
}

LinkMapWriter::~LinkMapWriter() {
  parts_->abandon_rebuild();
}

std::string LinkMapWriter::synced_to() const {
  return parts_->state.synced_to;
}

std::int64_t LinkMapWriter::links() const {
  return parts_->links;
}

void LinkMapWriter::apply(std::span<const MapEntry> entries, const std::string& synced_to) {
  const MapFile& file = *parts_->current;
  MapState state = parts_->state;
  if (!synced_to.empty()) state.synced_to = synced_to;
  auto transaction = file.begin(entries.size());
  write(file, transaction.get(), entries, 0);
  file.put_state(transaction.get(), state);
  const auto links = file.count_links(transaction.get());
  file.commit(std::move(transaction));
  parts_->state = state;
  parts_->links = links;
}

void LinkMapWriter::begin_rebuild() {
  parts_->abandon_rebuild();
  const std::string path = new_path(parts_->state_dir, parts_->current->path());
  remove_map(path);
  parts_->rebuild.emplace(path, MapFile::Use::build);
}

void LinkMapWriter::add(std::span<const MapEntry> entries) {
  const MapFile& file = *parts_->rebuild;
  auto transaction = file.begin(entries.size());
  write(file, transaction.get(), entries, MDB_APPEND);  // the caller's order, if it is ours, makes full pages
  file.commit(std::move(transaction));
}

void LinkMapWriter::swap(const std::string& synced_to) {
  auto& made = *parts_->rebuild;
  {
    const auto reading = parts_->current->begin_reading();
    auto transaction = made.begin(0);
    for (const auto& [day, salt] : salts(*parts_->current, reading.get()))
      put(made, transaction.get(), salt_key(day), salt);
    made.commit(std::move(transaction));
  }
  const std::string path = made.path();
  parts_->put_in_place(made, {.complete = true, .synced_to = synced_to});
  parts_->rebuild.reset();
  parts_->open(path);
  remove_others(parts_->state_dir, path);
}

bool LinkMapWriter::rebuilding() const {
  return parts_->rebuild.has_value();
}

void LinkMapWriter::keep_salts(db::DayNumber today) {
  const MapFile& file = *parts_->current;
  auto transaction = file.begin(0);
  bool changed = false;
  std::vector<db::DayNumber> missing = {today, today + 1};
  for (const auto& [day, salt] : salts(file, transaction.get())) {
    std::erase(missing, day);
    if (day >= today - 1) continue;
    remove(file, transaction.get(), salt_key(day));
    changed = true;
  }
  for (const auto day : missing) {
    Salt salt;
    base::random_bytes(salt);
    put(file, transaction.get(), salt_key(day), {reinterpret_cast<const char*>(salt.data()), salt.size()});
    changed = true;
  }
  if (changed) file.commit(std::move(transaction));
}

int LinkMapWriter::clear_readers() {
  int dead = 0;
  require(mdb_reader_check(parts_->current->environment(), &dead), "look for dead readers");
  return dead;
}

}  // namespace clicks
