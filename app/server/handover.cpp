// One line for each thing, the free text last: "listener 6 /run/quietleaks/api.sock", "child 4711 9 0 1 98765432 api".
#include "app/server/handover.hpp"

#include <cstdlib>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace server {
namespace {

constexpr std::string_view kFirstLine = "quietleaks-handover 1";

std::string line_safe(const std::string& text) {
  if (text.find('\n') != std::string::npos)
    throw std::invalid_argument("a path with a line break cannot be handed over");
  return text;
}

void write_files(std::ostream& out, const char* kind, const std::vector<Handover::File>& files) {
  for (const auto& file : files) out << kind << ' ' << file.fd << ' ' << line_safe(file.name) << '\n';
}

// What is left of the line behind one space.
std::string rest_of(std::istream& line) {
  if (line.get() != ' ') line.setstate(std::ios::failbit);
  return std::string(std::istreambuf_iterator<char>(line), {});
}

void read_line(std::istream& line, Handover& handover) {
  std::string kind;
  line >> kind;
  const auto read_file = [&line](std::vector<Handover::File>& files) {
    Handover::File file;
    line >> file.fd;
    file.name = rest_of(line);
    files.push_back(std::move(file));
  };
  if (kind == "program") {
    handover.program = rest_of(line);
  } else if (kind == "state") {
    handover.state_dir = rest_of(line);
  } else if (kind == "lock") {
    read_file(handover.locks);
  } else if (kind == "listener") {
    read_file(handover.listeners);
  } else if (kind == "region") {
    read_file(handover.regions);
  } else if (kind == "child") {
    Handover::Child child;
    line >> child.pid >> child.channel >> child.slot >> child.index >> child.started;
    child.pool = rest_of(line);
    handover.children.push_back(std::move(child));
  }  // else from a build that knows more than this one: skipped
}

}  // namespace

Handover take_inheritance() {
  const char* text = std::getenv(Handover::kVariable);
  if (text == nullptr) return {};
  Handover inherited = decode(text);
  unsetenv(Handover::kVariable);
  return inherited;
}

std::string encode(const Handover& handover) {
  std::ostringstream out;
  out << kFirstLine << '\n' << "program " << line_safe(handover.program) << '\n';
  if (!handover.state_dir.empty()) out << "state " << line_safe(handover.state_dir) << '\n';
  write_files(out, "lock", handover.locks);
  write_files(out, "listener", handover.listeners);
  write_files(out, "region", handover.regions);
  for (const auto& child : handover.children)
    out << "child " << child.pid << ' ' << child.channel << ' ' << child.slot << ' ' << child.index << ' '
        << child.started << ' ' << line_safe(child.pool) << '\n';
  return out.str();
}

Handover decode(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != kFirstLine)
    throw std::invalid_argument("not a handover of this kind: " + line);
  Handover handover;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    read_line(words, handover);
    if (words.fail()) throw std::invalid_argument("unreadable line in the handover: " + line);
  }
  return handover;
}

}  // namespace server
