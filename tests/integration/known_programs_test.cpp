// What the command line knows of programs without a database is what a fresh database knows.
#include "db/known_programs.hpp"

#include "db/programs.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/support/boost_test.hpp"

namespace {

std::string text_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

std::string text_of(const db::Program& program) {
  return program.name + ":" + text_of(program.hosts) + " |" + text_of(program.identity_parameters) + " |" +
         text_of(program.click_parameters);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(known_programs)

BOOST_FIXTURE_TEST_CASE(they_are_those_of_a_fresh_database, integration::Fixture) {
  const auto stored = owner.programs().all();
  const auto& known = db::known_programs();
  BOOST_REQUIRE(known.size() == stored.size());
  for (std::size_t i = 0; i < known.size(); ++i) BOOST_TEST(text_of(known[i]) == text_of(stored[i]));
}

BOOST_AUTO_TEST_SUITE_END()
