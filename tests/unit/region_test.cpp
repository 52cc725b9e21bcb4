// Shared memory: who sees it, what survives exec, and what is refused.
#include "app/shm/region.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/boost_test.hpp"

namespace {

constexpr std::size_t kSize = 10'000;

struct Folder {
  Folder() : path(::mkdtemp(pattern)) {}
  ~Folder() {
    ::unlink((path + "/region").c_str());
    ::rmdir(path.c_str());
  }
  char pattern[32] = "/tmp/quietleaks-region-XXXXXX";
  std::string path;
};

// Runs `child` in a process of its own; its exit status.
template <class Child>
int in_child(Child child) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    child();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

char* bytes(const shm::Region& region) {
  return static_cast<char*>(region.data());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(region_suite)

BOOST_AUTO_TEST_CASE(anonymous_memory_is_zero_and_shared_over_fork) {
  const auto region = shm::Region::anonymous("test", kSize);
  BOOST_TEST(region.size() == kSize);
  for (std::size_t i = 0; i < kSize; ++i) BOOST_REQUIRE(bytes(region)[i] == 0);
  BOOST_TEST(in_child([&] { bytes(region)[kSize - 1] = 7; }) == 0);
  BOOST_TEST(bytes(region)[kSize - 1] == 7);
}

BOOST_AUTO_TEST_CASE(nobody_can_cut_anonymous_memory_off_under_the_others) {
  const auto region = shm::Region::anonymous("test", kSize);
  BOOST_TEST(::ftruncate(region.fd(), 0) == -1);
  BOOST_TEST(::ftruncate(region.fd(), 2 * kSize) == -1);
}

BOOST_AUTO_TEST_CASE(anonymous_memory_survives_exec_by_its_descriptor) {
  const auto region = shm::Region::anonymous("test", kSize);
  const std::string path = "/proc/self/fd/" + std::to_string(region.fd());
  const int status = in_child([&] {
    const std::string command = "printf executed | dd conv=notrunc status=none of=" + path;
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  });
  BOOST_TEST(status == 0);
  BOOST_TEST(std::string(bytes(region)) == "executed");
}

BOOST_AUTO_TEST_CASE(an_inherited_descriptor_is_adopted_with_what_it_holds) {
  const auto region = shm::Region::anonymous("test", kSize);
  std::strcpy(bytes(region), "from before");
  const auto adopted = shm::Region::adopt(::dup(region.fd()), kSize);
  BOOST_TEST(std::string(bytes(adopted)) == "from before");
  bytes(adopted)[0] = 'F';
  BOOST_TEST(bytes(region)[0] == 'F');
}

BOOST_AUTO_TEST_CASE(another_size_is_refused_and_the_descriptor_stays_the_callers) {
  const auto region = shm::Region::anonymous("test", kSize);
  BOOST_CHECK_EXCEPTION(
      shm::Region::adopt(region.fd(), kSize + 1), std::runtime_error,
      [](const std::runtime_error& error) { return std::string(error.what()).find("10001") != std::string::npos; });
  BOOST_CHECK_THROW(shm::Region::adopt(region.fd(), kSize - 1), std::runtime_error);
  BOOST_CHECK_THROW(shm::Region::adopt(-1, kSize), std::system_error);
  BOOST_TEST(::fcntl(region.fd(), F_GETFD) != -1);
}

BOOST_AUTO_TEST_CASE(a_file_appears_whole_with_its_mode_and_is_replaced) {
  const Folder folder;
  const std::string path = folder.path + "/region";
  const auto old = shm::Region::file(path, 100);
  bytes(old)[0] = 'o';
  const mode_t mask = ::umask(0077);
  const auto made = shm::Region::file(path, kSize);
  ::umask(mask);
  bytes(made)[0] = 'n';
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0640);
  BOOST_TEST(static_cast<std::size_t>(status.st_size) == kSize);
  const auto reader = shm::Region::open_read_only(path);
  BOOST_TEST(reader.size() == kSize);
  BOOST_TEST(bytes(reader)[0] == 'n');
  BOOST_TEST(bytes(old)[0] == 'o');
}

BOOST_AUTO_TEST_CASE(what_is_opened_read_only_cannot_be_written) {
  const Folder folder;
  const auto made = shm::Region::file(folder.path + "/region", kSize);
  const auto reader = shm::Region::open_read_only(folder.path + "/region");
  BOOST_TEST(::mprotect(reader.data(), kSize, PROT_READ | PROT_WRITE) == -1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_or_opened_is_named) {
  const auto names = [](const std::string& path) {
    return [path](const std::system_error& error) { return std::string(error.what()).find(path) != std::string::npos; };
  };
  BOOST_CHECK_EXCEPTION(shm::Region::file("/nonexistent/region", kSize), std::system_error,
                        names("/nonexistent/region"));
  BOOST_CHECK_EXCEPTION(shm::Region::open_read_only("/nonexistent/region"), std::system_error,
                        names("/nonexistent/region"));
  const Folder folder;
  std::ofstream(folder.path + "/region").close();
  BOOST_CHECK_EXCEPTION(shm::Region::open_read_only(folder.path + "/region"), std::system_error, names(folder.path));
}

BOOST_AUTO_TEST_CASE(a_moved_region_keeps_its_memory) {
  auto region = shm::Region::anonymous("test", kSize);
  bytes(region)[0] = 'x';
  shm::Region moved = std::move(region);
  BOOST_TEST(bytes(moved)[0] == 'x');
  moved = shm::Region::anonymous("other", 100);
  BOOST_TEST(moved.size() == 100u);
  BOOST_TEST(bytes(moved)[0] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
