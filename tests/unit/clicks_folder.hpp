// What the tests of the journal and of the link map share: a state directory, children, records that can be told apart.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "app/clicks/record.hpp"
#include "app/clicks/segment.hpp"
#include "tests/support/boost_test.hpp"

namespace unit {

struct StateFolder {
  StateFolder() : path(::mkdtemp(pattern)), journal(clicks::journal_directory(path)) {}
  ~StateFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;
  char pattern[32] = "/tmp/quietleaks-clicks-XXXXXX";
  const std::string path;
  const std::filesystem::path journal;
};

inline pid_t start_child(const std::function<void()>& child) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  try {
    child();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
    ::_exit(99);
  }
  ::_exit(0);
}

// Its exit status, or minus the signal that ended it.
inline int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

inline int in_child(const std::function<void()>& child) {
  return wait_for(start_child(child));
}

// The n-th click.
inline clicks::Record click(std::uint64_t n) {
  clicks::Record record;
  std::memcpy(record.id.data(), &n, sizeof n);
  record.visitor = n;
  record.time_us = 1'777'276'800'000'000 + static_cast<std::int64_t>(n);
  record.set_referrer_host("blog.example");
  return record;
}

inline clicks::Record sealed_click(std::uint64_t n) {
  clicks::Record record = click(n);
  record.seal();
  return record;
}

// What a reader finds, in its order, as the numbers of click(); a record that is another's fails the test.
struct Found {
  std::vector<std::uint64_t> numbers;
  std::int64_t damaged = 0;
  std::size_t segments = 0;
};

inline Found read_journal(const std::filesystem::path& directory) {
  Found found;
  for (const auto& path : clicks::find_segments(directory)) {
    const clicks::SegmentReader reader(path);
    ++found.segments;
    for (std::int64_t from = 0;;) {
      const bool gone = reader.writer_gone();
      const auto batch = reader.read(from, 5000);
      for (const auto& record : batch.records) {
        const clicks::Record expected = sealed_click(record.visitor);
        BOOST_REQUIRE(std::memcmp(&record, &expected, sizeof record) == 0);
        found.numbers.push_back(record.visitor);
      }
      found.damaged += batch.damaged;
      if (batch.next == from) {
        BOOST_REQUIRE(!gone || batch.next >= reader.records());
        break;
      }
      from = batch.next;
    }
  }
  return found;
}

inline std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> all;
  for (; from < to; ++from) all.push_back(from);
  return all;
}

}  // namespace unit
