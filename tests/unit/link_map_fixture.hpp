// A link map whose writers are processes of their own, as LMDB wants it: nobody opens a file twice.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/clicks/link_map.hpp"
#include "app/clicks/link_map_writer.hpp"
#include "tests/unit/clicks_folder.hpp"

namespace unit {

inline clicks::MapEntry entry(const std::string& slug, const std::string& url) {
  clicks::MapEntry made{.slug = slug, .account_id = {}, .link_id = {}, .url = url};
  made.account_id.fill(1);
  made.link_id.fill(static_cast<std::uint8_t>(slug.size()));
  return made;
}

inline std::string slug(int n) {
  const std::string digits = std::to_string(n);
  return "s" + std::string(6 - digits.size(), '0') + digits;
}

// All slugs from 0 to count - 1, to `url` and the slug.
inline std::vector<clicks::MapEntry> entries(int count, const std::string& url) {
  std::vector<clicks::MapEntry> all;
  for (int n = 0; n < count; ++n) all.push_back(entry(slug(n), url + slug(n)));
  return all;
}

struct MapFolder : StateFolder {
  using Change = std::function<void(clicks::LinkMapWriter&)>;

  // By a writer in a process of its own; its exit status.
  int change(const Change& make) const {
    return in_child([&] {
      clicks::LinkMapWriter writer(path);
      make(writer);
    });
  }
  int apply(const std::vector<clicks::MapEntry>& all, const std::string& synced_to = "1") const {
    return change([&](clicks::LinkMapWriter& writer) { writer.apply(all, synced_to); });
  }
  int rebuild(const std::vector<clicks::MapEntry>& all, const std::string& synced_to = "1") const {
    return change([&](clicks::LinkMapWriter& writer) {
      writer.begin_rebuild();
      writer.add(all);
      writer.swap(synced_to);
    });
  }
  std::string file() const { return path + "/" + std::filesystem::read_symlink(path + "/links.map").string(); }
  std::vector<std::string> map_files() const {
    std::vector<std::string> names;
    for (const auto& found : std::filesystem::directory_iterator(path))
      if (found.path().extension() == ".map" && !found.is_symlink()) names.push_back(found.path().filename());
    return names;
  }
};

inline std::string url_of(clicks::LinkMap& map, const std::string& slug_text) {
  const auto target = map.find(slug_text);
  return target ? std::string(target->url) : "";
}

}  // namespace unit
