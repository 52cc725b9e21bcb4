// The configuration file: any text is either loaded or refused with a ConfigError, which repeats no secret.
#include "app/base/config.hpp"

#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.hpp"

namespace {

constexpr std::string_view kSecret = "do-not-repeat-me";

// A file in memory, so that the disk does not set the pace.
const std::string& stored(std::string_view text) {
  static const int file = ::memfd_create("config", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  fuzz::require(::ftruncate(file, 0) == 0, "the file can be emptied");
  fuzz::require(::pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()), "and written");
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  if (text.find("_file") != std::string_view::npos) return 0;  // it may name any file of this machine
  const std::string secret_line = "database.url = \"" + std::string(kSecret);
  const bool secret = size % 2 == 0 && text.find(kSecret) == std::string_view::npos;
  try {
    base::load_config(stored(secret ? secret_line + std::string(text) : std::string(text)), {});
  } catch (const base::ConfigError& error) {
    const std::string_view what = error.what();
    fuzz::require(!what.empty(), "a refusal says why");
    fuzz::require(!secret || what.find(kSecret) == std::string_view::npos, "no secret in an error");
  }
  return 0;
}
