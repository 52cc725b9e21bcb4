// The table of affiliate programs: what it holds from the start, what it refuses to hold, and what links make of it.
#include "app/links/programs.hpp"

#include <chrono>

#include "app/base/text.hpp"
#include "app/links/exporter.hpp"
#include "app/links/importer.hpp"
#include "tests/integration/fixture.hpp"

namespace {

using integration::error_of;
using integration::Fixture;

db::Program program(const std::string& name, std::vector<std::string> hosts) {
  return {.name = name, .hosts = std::move(hosts), .identity_parameters = {"aff"}, .click_parameters = {}};
}

struct Programs : Fixture {
  db::Programs& programs = owner.programs();

  std::optional<db::Program> find(const std::string& name) {
    for (auto& known : web.programs().all())
      if (known.name == name) return known;
    return std::nullopt;
  }
  std::string constraint_of(const db::Program& wrong) {
    return error_of([&] { programs.add(wrong); }).constraint();
  }
  links::ImportSummary import(std::string_view text) {
    links::CsvReader reader([&](char* into, std::size_t size) {
      const auto count = text.copy(into, size);
      text.remove_prefix(count);
      return count;
    });
    const links::Programs known(web.programs().all());
    links::Importer importer(web.links(), account, reader, "https://links.example", known);
    importer.run([](std::int64_t) { return true; });
    return importer.summary();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(programs)

BOOST_FIXTURE_TEST_CASE(links_of_well_known_programs_are_recognised, Programs) {
  const struct {
    const char *url, *name;
  } cases[] = {{"https://shareasale.com/r.cfm?b=1&u=2&m=3", "ShareASale"},
               {"https://www.awin1.com/cread.php?awinmid=1&awinaffid=2", "Awin"},
               {"https://www.anrdoezrs.net/links/1/type/dlg/https://shop.example/", "CJ"},
               {"https://shop.sjv.io/c/1/2/3", "Impact"},
               {"https://shop.pxf.io/x", "Impact"},
               {"https://click.linksynergy.com/deeplink?id=a&mid=1&murl=x", "Rakuten"},
               {"https://prf.hn/click/camref:1100l", "Partnerize"},
               {"https://www.amazon.com/dp/B0?tag=x-20", "Amazon"},
               {"https://www.amazon.co.uk/dp/B0?tag=x-21", "Amazon"},
               {"https://amzn.to/3abc", "Amazon"},
               {"https://www.ebay.de/itm/1?campid=1", "eBay"},
               {"https://rover.ebay.com/rover/1/711-53200-19255-0/1?campid=1", "eBay"},
               {"https://aff.vendor.hop.clickbank.net/?tid=1", "ClickBank"},
               {"https://go.skimresources.com/?id=1&url=x", "Skimlinks"},
               {"https://redirect.viglink.com/?key=1&u=x", "Sovrn"},
               {"https://track.flexlinkspro.com/g.ashx?foid=1", "FlexOffers"},
               {"https://clk.tradedoubler.com/click?p=1&a=2", "TradeDoubler"},
               {"https://s.click.aliexpress.com/e/_x", "AliExpress"},
               {"https://lt45.net/c/?si=1&li=2&wi=3", "Daisycon"}};
  const links::Programs known(web.programs().all());
  for (const auto& c : cases) BOOST_TEST(known.recognise(c.url).value_or("-") == c.name, c.url);
  for (const char* url : {"https://amazon.example/", "https://clickbank.net/", "https://www.aliexpress.com/item/1",
                          "https://www.walmart.com/ip/1", "https://myebay.com/"})
    BOOST_TEST(!known.recognise(url).has_value(), url);
}

BOOST_FIXTURE_TEST_CASE(each_seeded_host_leads_to_its_program, Programs) {
  const auto all = web.programs().all();
  const links::Programs known(all);
  std::size_t hosts = 0;
  for (const auto& each : all) {
    BOOST_TEST(!each.hosts.empty(), each.name);
    for (const auto& host : each.hosts) {
      BOOST_TEST(known.recognise("https://" + host + "/").value_or("-") == each.name);
      BOOST_TEST(known.recognise("https://x." + host + "/").value_or("-") == each.name);
      ++hosts;
    }
  }
  BOOST_TEST(all.size() > 20U);
  BOOST_TEST(hosts > 100U);
  BOOST_TEST(find("Awin")->identity_parameters == std::vector<std::string>{"awinaffid"},
             boost::test_tools::per_element());
  BOOST_TEST(find("Awin")->click_parameters == std::vector<std::string>{"awc"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_operator_extends_the_table, Programs) {
  programs.add(program("Our Shop", {"shop.example", "a_b.example"}));
  BOOST_TEST(find("Our Shop")->hosts == (std::vector<std::string>{"a_b.example", "shop.example"}),
             boost::test_tools::per_element());
  BOOST_TEST(programs.add_hosts("our shop", {"go.example"}));
  BOOST_TEST(!programs.add_hosts("Nobody", {"nobody.example"}));
  BOOST_TEST(find("Our Shop")->hosts.size() == 3U);
  BOOST_TEST(programs.set_parameters({"OUR SHOP", {}, {"ref", "r-2"}, {"click.id"}}));
  BOOST_TEST(!programs.set_parameters({"Nobody", {}, {}, {}}));
  BOOST_TEST(find("Our Shop")->identity_parameters.size() == 2U);
  BOOST_TEST(programs.remove_host("shop.example"));
  BOOST_TEST(!programs.remove_host("shop.example"));
  BOOST_TEST(programs.remove("our shop"));
  BOOST_TEST(!programs.remove("our shop"));
  BOOST_TEST(database.sql("select count(*) from program_hosts where host like '%.example'") == "0");
}

BOOST_FIXTURE_TEST_CASE(what_is_there_or_is_none_is_refused_whole, Programs) {
  programs.add(program("First", {"first.example"}));
  BOOST_TEST(constraint_of(program("FIRST", {"second.example"})) == "programs_name_key");
  BOOST_TEST(constraint_of(program("Second", {"second.example", "first.example"})) == "program_hosts_pkey");
  BOOST_TEST(error_of([&] {
               programs.add_hosts("First", {"new.example", "amazon.com"});
             }).constraint() == "program_hosts_pkey");
  for (const char* host : {"", "com", "Shop.example", ".shop.example", "shop.example.", "shop..example", "-a.example",
                           "a-.example", "https://shop.example", "shop.example:80", "shop.example/x", "*.shop.example",
                           "shop example.com", "127.0.0.1", "1.2.3.4", "münchen.example", "shop.e", "shop.example\n"})
    BOOST_TEST(constraint_of(program("Second", {"second.example", host})) == "program_hosts_host_is_plain", host);
  for (const std::string& name :
       {std::string(), std::string(" x"), std::string("x "), std::string("a\tb"), std::string(101, 'x')})
    BOOST_TEST(constraint_of(program(name, {"second.example"})) == "programs_name_check", name);
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{""}, {"a b"}, {"a=b"}, {"a&b"}, {"a", "a"}, {"ü"}, {std::string(65, 'x')}}) {
    BOOST_TEST(constraint_of({"Second", {"second.example"}, names, {}}) == "programs_identity_parameters_check");
    BOOST_TEST(constraint_of({"Second", {"second.example"}, {}, names}) == "programs_click_parameters_check");
  }
  const auto nul = error_of([&] { programs.add(program(std::string("a\0b", 3), {"second.example"})); });
  BOOST_CHECK(nul.kind() == db::ErrorKind::invalid);
  BOOST_TEST(!find("Second"));
  BOOST_TEST(find("First")->hosts.size() == 1U);
  BOOST_TEST(database.sql("select count(*) from program_hosts where host in ('second.example', 'new.example')") == "0");
}

BOOST_FIXTURE_TEST_CASE(an_imported_link_without_a_program_gets_the_one_of_its_url, Programs) {
  const auto summary = import(
      "program,label,url,slug\n"
      ",Known,https://www.amazon.de/dp/1?tag=x-21,known\n"
      " ,Blank,https://AMZN.to/1,blank\n"
      "My own,Named,https://www.amazon.de/dp/1,named\n"
      ",Unknown,https://shop.example/1,unknown\n"
      ",Inside,http://10.0.0.1/,inside\n"
      ",Circle,https://links.example/go/known,circle\n");
  BOOST_TEST(summary.imported == 4);
  BOOST_REQUIRE(summary.faults.size() == 2U);
  BOOST_TEST(summary.faults[0].reason.find("a private network") != std::string::npos, summary.faults[0].reason);
  BOOST_TEST(summary.faults[1].reason.find("proxy link") != std::string::npos, summary.faults[1].reason);
  BOOST_TEST(database.sql("select string_agg(slug || '=' || coalesce(program, '-'), ' ' order by slug) from links") ==
             "blank=Amazon known=Amazon named=My own unknown=-");
}

// The demo data name the program that would have been recognised, except where a link goes to the merchant at once.
BOOST_FIXTURE_TEST_CASE(the_demo_links_keep_the_rules, Programs) {
  std::int64_t imported = 0;
  for (const char* name : {"scripts/demo/links.csv", "scripts/demo/other-links.csv"}) {
    const auto summary = import(base::read_file(name, 1 << 20));
    for (const auto& fault : summary.faults) BOOST_ERROR(name << " line " << fault.line << ": " << fault.reason);
    imported += summary.imported;
  }
  BOOST_TEST(imported == 154);
  const links::Programs known(web.programs().all());
  const auto all = links::found_links(web.link_search(), account, {}, 20'000);
  for (auto page = all(); !page.empty(); page = all())
    for (const auto& link : page)
      if (const auto told = known.recognise(link.url)) BOOST_TEST(link.program.value_or("-") == *told, link.url);
}

BOOST_FIXTURE_TEST_CASE(the_whole_table_is_cheap_to_read, Programs) {
  constexpr int kTimes = 200;
  web.programs().all();  // connected and prepared
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kTimes; ++i) links::Programs(web.programs().all());
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  BOOST_TEST_MESSAGE("programs: " << static_cast<int>(took.count() / kTimes) << " us to read and index the table");
  BOOST_TEST(took.count() / kTimes < 20'000);
}

BOOST_AUTO_TEST_SUITE_END()
