// What Chromium is told, by what it says. No browser: its part is played here.
#include "app/check/page_dialogue.hpp"

#include "tests/support/boost_test.hpp"

using check::PageDialogue, check::PausedRequest, check::RequestKind;

namespace {

const std::string kPage = "https://shop.example/out?a=1";

struct Play {
  PageDialogue dialogue{{.url = *check::Url::parse(kPage + "#part"),
                         .headers = {{"content-type", "text/html"}, {"strict-transport-security", "max-age=1"}},
                         .body = "<script>go()</script>"}};

  // The methods of what is said now, each with a space behind it; `words` keeps it whole.
  std::string said() {
    words = dialogue.take_words();
    std::string methods;
    for (std::size_t at = 0; (at = words.find("\"method\":\"", at)) != std::string::npos;) {
      at += 10;
      methods += words.substr(at, words.find('"', at) - at) + ' ';
    }
    return methods;
  }

  void hear(const std::string& method, const std::string& parameters, const std::string& session = "S") {
    dialogue.hear(R"({"method":")" + method + R"(","params":)" + parameters + R"(,"sessionId":")" + session + "\"}");
  }
  void reply(int id, const std::string& result = "{}") {
    dialogue.hear(R"({"id":)" + std::to_string(id) + R"(,"result":)" + result + R"(,"sessionId":"S"})");
  }
  void pause(const std::string& id, const std::string& type, const std::string& url, const std::string& frame = "F",
             const std::string& method = "GET") {
    hear("Fetch.requestPaused", R"({"requestId":")" + id + R"(","resourceType":")" + type + R"(","frameId":")" + frame +
                                    R"(","request":{"method":")" + method + R"(","url":")" + url +
                                    R"(","headers":{"Referer":"https://shop.example/"}}})");
  }

  void attach() {
    dialogue.hear(
        R"({"method":"Target.attachedToTarget","params":{"sessionId":"S","targetInfo":{"type":"page","targetId":"F"}}})");
  }

  // Up to the page's being given.
  void begin() {
    attach();
    reply(4);
    pause("1", "Document", kPage);
    hear("Page.frameNavigated", R"({"frame":{"id":"F","url":"x"}})");
    said();
  }

  std::string words;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(page_dialogue)

BOOST_AUTO_TEST_CASE(requests_are_told_apart) {
  struct Case {
    std::string type, method, url;
    bool main_frame;
    RequestKind before, after;  // the page was given
  };
  using enum RequestKind;
  const std::string other = "https://other.example/";
  for (const Case& it : std::vector<Case>{{"Document", "GET", kPage, true, page, refused},
                                          {"Document", "GET", other, true, page, lead},
                                          {"Document", "POST", other, true, page, refused},
                                          {"Document", "GET", "ftp://other.example/", true, page, refused},
                                          {"Document", "GET", other, false, refused, refused},
                                          {"Script", "GET", other, false, part, part},
                                          {"XHR", "GET", other, true, part, part},
                                          {"Fetch", "GET", other, true, part, part},
                                          {"Fetch", "POST", other, true, refused, refused},
                                          {"Fetch", "OPTIONS", other, true, refused, refused},
                                          {"Fetch", "GET", "file:///etc/passwd", true, refused, refused},
                                          {"Image", "GET", other, true, refused, refused},
                                          {"Stylesheet", "GET", other, true, refused, refused},
                                          {"Font", "GET", other, true, refused, refused},
                                          {"Media", "GET", other, true, refused, refused},
                                          {"Ping", "POST", other, true, refused, refused},
                                          {"WebSocket", "GET", other, true, refused, refused},
                                          {"Other", "GET", other, true, refused, refused},
                                          {"", "", "", true, refused, refused}}) {
    const PausedRequest request{
        .id = "1", .type = it.type, .method = it.method, .url = it.url, .referrer = {}, .main_frame = it.main_frame};
    BOOST_TEST((kind_of(request, "") == it.before), it.type << ' ' << it.method << ' ' << it.url);
    BOOST_TEST((kind_of(request, kPage) == it.after), it.type << ' ' << it.method << ' ' << it.url);
  }
}

BOOST_AUTO_TEST_CASE(the_page_is_given_once_all_is_prepared) {
  Play play;
  BOOST_TEST(play.said() == "Browser.setDownloadBehavior Target.setAutoAttach ");
  play.attach();
  BOOST_TEST(play.said() == "Fetch.enable Page.enable ");
  play.reply(3);
  BOOST_TEST(play.said() == "");
  play.reply(4);
  BOOST_TEST(play.said() == "Page.navigate ");
  BOOST_TEST(play.words.find(kPage + "#part") != std::string::npos);
  BOOST_TEST(!play.dialogue.page_given());
  play.pause("7", "Document", kPage);
  BOOST_TEST(play.said() == "Fetch.fulfillRequest ");
  BOOST_TEST(play.words.find(R"("requestId":"7","responseCode":200,"responseHeaders":[{"name":"content-type",)"
                             R"("value":"text/html"}],"body":"PHNjcmlwdD5nbygpPC9zY3JpcHQ+")") != std::string::npos,
             play.words);
  BOOST_TEST(play.dialogue.page_given());
  play.hear("Page.frameNavigated", R"({"frame":{"id":"F"}})");
  play.hear("Page.frameNavigated", R"({"frame":{"id":"F"}})");
  BOOST_TEST(play.said() == "Emulation.setVirtualTimePolicy ");
  BOOST_TEST(!play.dialogue.over());
}

BOOST_AUTO_TEST_CASE(the_next_document_of_the_main_frame_is_where_it_leads) {
  Play play;
  play.begin();
  play.pause("2", "Image", "https://shop.example/a.png");
  play.pause("3", "Document", "https://ads.example/", "another frame");
  play.pause("4", "Document", kPage);
  play.pause("5", "Document", "https://other.example/", "F", "POST");
  BOOST_TEST(play.said() == "Fetch.failRequest Fetch.failRequest Fetch.failRequest Fetch.failRequest ");
  BOOST_TEST(!play.dialogue.over());
  play.pause("6", "Document", "https://other.example/x");
  BOOST_TEST(play.dialogue.over());
  BOOST_TEST(play.dialogue.led_to().value() == "https://other.example/x");
}

BOOST_AUTO_TEST_CASE(parts_are_asked_for_ten_times_at_most) {
  Play play;
  play.begin();
  for (int i = 0; i < 12; ++i) play.pause("p" + std::to_string(i), "Fetch", "https://other.example/a.json");
  const auto wanted = play.dialogue.take_wanted();
  BOOST_TEST(wanted.size() == 10U);
  BOOST_TEST(wanted.front().id == "p0");
  BOOST_TEST(wanted.front().referrer == "https://shop.example/");
  BOOST_TEST(play.said() == "Fetch.failRequest Fetch.failRequest ");
  check::Answer good;
  good.status = 404;
  good.headers = {{"access-control-allow-origin", "*"}, {"content-encoding", "gzip"}};
  good.body = "no";
  play.dialogue.answer_part("p0", good);
  BOOST_TEST(play.said() == "Fetch.fulfillRequest ");
  BOOST_TEST(play.words.find(R"("requestId":"p0","responseCode":404,"responseHeaders":[{"name":)"
                             R"("access-control-allow-origin","value":"*"}],"body":"bm8=")") != std::string::npos,
             play.words);
  check::Answer cut = good, failed = good;
  cut.body_cut = true;
  failed.ending = check::Ending::refused;
  play.dialogue.answer_part("p1", cut);
  play.dialogue.answer_part("p2", failed);
  BOOST_TEST(play.said() == "Fetch.failRequest Fetch.failRequest ");
}

BOOST_AUTO_TEST_CASE(dialogs_are_dismissed) {
  Play play;
  play.begin();
  play.hear("Page.javascriptDialogOpening", R"({"type":"confirm","message":"Stay?"})");
  BOOST_TEST(play.said() == "Page.handleJavaScriptDialog ");
  BOOST_TEST(play.words.find("\"accept\":false") != std::string::npos);
  play.hear("Page.javascriptDialogOpening", R"({"type":"beforeunload","message":""})");
  play.said();
  BOOST_TEST(play.words.find("\"accept\":true") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(when_its_time_is_over_only_one_who_is_leaving_is_waited_for) {
  Play still;
  still.begin();
  still.hear("Emulation.virtualTimeBudgetExpired", "{}");
  BOOST_TEST(still.dialogue.over());
  BOOST_TEST(!still.dialogue.led_to().has_value());
  Play away;
  away.begin();
  away.hear("Page.frameRequestedNavigation", R"({"frameId":"F","url":"market://x"})");
  away.hear("Page.frameRequestedNavigation", R"({"frameId":"G","url":"https://other.example/"})");
  away.hear("Page.frameRequestedNavigation", R"({"frameId":"F","url":"https://other.example/"})");
  BOOST_TEST(!away.dialogue.leaving());
  away.hear("Emulation.virtualTimeBudgetExpired", "{}");
  BOOST_TEST(!away.dialogue.over());
  BOOST_TEST(away.dialogue.leaving());
}

BOOST_AUTO_TEST_CASE(what_cannot_go_on_is_over) {
  Play crashed;
  crashed.begin();
  crashed.hear("Inspector.targetCrashed", "{}");
  BOOST_TEST(crashed.dialogue.over());
  Play unprepared;
  unprepared.attach();
  unprepared.dialogue.hear(R"({"id":4,"error":{"message":"no"},"sessionId":"S"})");
  BOOST_TEST(unprepared.dialogue.over());
  Play unreachable;
  unreachable.attach();
  unreachable.reply(4);
  unreachable.reply(5, R"({"errorText":"net::ERR_ABORTED"})");
  BOOST_TEST(unreachable.dialogue.over());
}

BOOST_AUTO_TEST_CASE(what_is_no_message_or_not_for_us_is_passed_over) {
  Play play;
  play.begin();
  for (const std::string text : {"", "{", "null", "[1]", "{}", R"({"method":7})", R"({"id":"4","sessionId":"S"})",
                                 R"({"method":"Fetch.requestPaused","sessionId":"S"})",
                                 R"({"method":"Page.frameNavigated","params":[],"sessionId":"S"})"})
    play.dialogue.hear(text);
  play.dialogue.hear(std::string(100, '['));
  play.hear("Emulation.virtualTimeBudgetExpired", "{}", "another session");
  play.hear("Page.javascriptDialogOpening", "{}", "");
  BOOST_TEST(play.said() == "Fetch.failRequest ");  // of a request that says nothing
  BOOST_TEST(!play.dialogue.over());
}

BOOST_AUTO_TEST_SUITE_END()
