// Names that operators may give, and how text from elsewhere comes to their terminal.
#include "app/base/name.hpp"

#include "app/cli/console.hpp"
#include "tests/support/boost_test.hpp"

namespace {

std::string repeated(const std::string& text, int times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

// The first and last of every range of control characters and bidi controls.
const std::string kControls[] = {"\x01",   "\t",     "\n",     "\x1b",   "\x1f",   "\x7f",   "\u0080", "\u009f",
                                 "\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069"};

// Their neighbours, which are characters like any other.
const std::string kHarmless[] = {"~", "\u00a1", "\u061d", "\u200d", "\u2010", "\u2029", "\u202f", "\u2065", "\u206a"};

}  // namespace

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(a_bad_name_is_refused_for_the_right_reason) {
  const struct {
    std::string name;
    std::string fault;  // empty: good
  } cases[] = {
      {"Demo Agency", ""},
      {"Müller & Söhne", ""},
      {"", "is empty"},
      {" ", "begins or ends with a space"},
      {"Foo ", "begins or ends with a space"},
      {" Foo", "begins or ends with a space"},
      {"Foo\xff", "is not valid UTF-8"},
      {"\u3000\u00a0", "shows nothing: it has only blanks"},
      {"\u200d", "shows nothing: it has only blanks"},
      {"Foo\u200b", "holds a character that nobody can see, such as a zero-width space"},
      {"F\u00adoo", "holds a character that nobody can see, such as a zero-width space"},
      {"\U0001F469\u200d\U0001F33E Farm", ""},
      {"\u6771\u4eac\u3000\u5e97", ""},
      {"\xc0\xaf", "is not valid UTF-8"},
      {repeated("é", 200), ""},
      {repeated("é", 201), "is longer than 200 characters"},
  };
  for (const auto& c : cases)
    BOOST_TEST(base::account_name_fault(c.name).value_or("") == c.fault, c.name.substr(0, 20));
}

BOOST_AUTO_TEST_CASE(no_control_is_part_of_a_name_or_comes_to_the_terminal) {
  for (const std::string& control : kControls) {
    const std::string name = "Red" + control + "Agency";
    BOOST_TEST(base::name_fault(name).value_or("").starts_with("holds a control character"));
    const std::string shown = cli::printable(name);
    BOOST_TEST((shown == "Red?Agency" || shown == "Red Agency"), shown);
  }
  for (const std::string& character : kHarmless) {
    const std::string name = "Red" + character + "Agency";
    BOOST_TEST(!base::name_fault(name).has_value());
    BOOST_TEST(cli::printable(name) == name);
  }
  BOOST_TEST(cli::printable("a\xff\u202e b\xe2\x80") == "a?? b??");
}

BOOST_AUTO_TEST_CASE(an_account_is_not_named_like_an_id) {
  const std::string id = "4b0e5ad2-8c51-4f0b-a1f5-0e0cd6e8f7a3";
  for (const std::string& name : {id, std::string("4B0E5AD2-8C51-4F0B-A1F5-0E0CD6E8F7A3")}) {
    BOOST_TEST(base::account_name_fault(name).value_or("").starts_with("has the form of an id"));
    BOOST_TEST(!base::name_fault(name).has_value());  // well for a key, which goes by its id or last characters alone
  }
  BOOST_TEST(!base::account_name_fault(id + "x").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
