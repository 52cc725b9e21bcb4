// Who is a program, and what people's browsers run on. tests/clients/bots.test.mjs does the same with thousands.
#include "app/clicks/bots.hpp"

#include <chrono>
#include <string>

#include "app/clicks/visitor.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using clicks::Device;

const std::string kChrome = "mozilla/5.0 (x11; linux x86_64) applewebkit/537.36 (khtml, like gecko) chrome/131.0.0.0 ";

bool bot(const std::string& agent) {
  return clicks::classify_agent(agent).kind == clicks::Kind::bot;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bots)

BOOST_AUTO_TEST_CASE(crawlers_are_bots) {
  for (const char* agent :
       {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
        "Mozilla/5.0 (compatible; bingbot/2.0)", "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; "
        "Bytespider)",
        "CCBot/2.0", "meta-externalagent/1.1", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) Applebot/0.1",
        "Mozilla/5.0 (compatible; Amazonbot/0.1)", "Mozilla/5.0 (Windows NT 10.0) PerplexityBot/1.0",
        "Mozilla/5.0 (compatible; YandexImages/3.0)", "ia_archiver", "Baiduspider+", "Sogou web spider/4.0",
        "Mozilla/5.0 (compatible; archive.org_bot)", "Mozilla/5.0 (iPad; CPU OS 15_3 like Mac OS X) adbeat.com/policy"})
    BOOST_TEST(bot(agent), agent);
}

BOOST_AUTO_TEST_CASE(link_previewers_are_bots) {
  for (const char* agent :
       {"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "WhatsApp/2.23.20.0 A", "WhatsApp",
        "TelegramBot (like TwitterBot)", "Mozilla/5.0 (compatible; Discordbot/2.0)", "facebookexternalhit/1.1",
        "Twitterbot/1.0", "LinkedInBot/1.0 (compatible; Mozilla/5.0)", "Mastodon/4.2.1 (http.rb/5.1.1)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
        "Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b"})
    BOOST_TEST(bot(agent), agent);
}

BOOST_AUTO_TEST_CASE(libraries_tools_and_headless_browsers_are_bots) {
  for (const char* agent : {"curl/8.5.0",
                            "Wget/1.21.3 (linux-gnu)",
                            "python-requests/2.31.0",
                            "Python/3.11 aiohttp/3.9.1",
                            "python-httpx/0.27.0",
                            "okhttp/4.12.0",
                            "axios/1.6.2",
                            "Go-http-client/2.0",
                            "Java/17.0.9",
                            "Apache-HttpClient/4.5.14 (Java/11.0.21)",
                            "libwww-perl/6.72",
                            "GuzzleHttp/7",
                            "node-fetch",
                            "node",
                            "undici",
                            "Ruby",
                            "Faraday v2.9.0",
                            "Dart/3.2 (dart:io)",
                            "PostmanRuntime/7.36.0",
                            "insomnia/8.4.5",
                            "UptimeRobot/2.0",
                            "Nmap Scripting Engine",
                            "sqlmap/1.7.12#stable",
                            "zgrab/0.x",
                            "masscan/1.3",
                            "HeadlessChrome",
                            "hello world",
                            "Mozilla/5.0",
                            "Mozilla/5.0 (compatible)",
                            "Firefox",
                            "FreshRSS/1.23.1 (Linux)"})
    BOOST_TEST(bot(agent), agent);
  for (const char* behind : {"safari/537.36 puppeteer", "playwright/1.40.0 safari/537.36", "safari/537.36; selenium",
                             "mobile safari/537.36 chrome-lighthouse", "safari/537.36 gtmetrix",
                             "safari/537.36 pingdomtms/2020.2", "safari/537.36 cloudflareobservatory/1.0",
                             "safari/537.36 somebody.com", "safari/537.36 (https://somebody.example)",
                             "safari/537.36 somebody@example.net", "safari/537.36 statuscake", "safari/537.36 curl/8"})
    BOOST_TEST(bot(kChrome + behind), behind);
  BOOST_TEST(bot("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0"));
}

BOOST_AUTO_TEST_CASE(nothing_said_is_a_bots) {
  for (const char* agent : {"", " ", "-", "()", "\xff\xfe", "\t;;"}) BOOST_TEST(bot(agent), agent);
}

BOOST_AUTO_TEST_CASE(browsers_are_peoples) {
  for (const char* agent :
       {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
        "Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
        "Safari/605",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile "
        "Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile "
        "Safari/537.36 "
        "(Ecosia android@150.0.0.0)",
        "Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.9) Gecko/20080702 Linux Mint/7 (Gloria) Firefox/3.0",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; ARM; Touch; NOKIA)",
        "Mozilla/5.0 (compatible; Konqueror/4.5; FreeBSD) KHTML/4.5.4 (like Gecko)",
        "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
        "Mozilla/5.0 (PC; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36"})
    BOOST_TEST(!bot(agent), agent);
}

BOOST_AUTO_TEST_CASE(browsers_inside_of_apps_are_peoples) {
  const std::string phone =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 ";
  for (const char* app :
       {"[FBAN/FBIOS;FBAV/440.0.0.35.109;FBDV/iPhone14,5]", "Instagram 308.0.1.19.121", "[Pinterest/iOS]",
        "Snapchat/12.60.0.39", "LinkedInApp/9.28", "Line/13.18.0", "MicroMessenger/8.0.43", "GSA/290.0",
        "TwitterAndroid", "musical_ly_32.0.0 BytedanceWebview/d8a21c6", "NAVER(inapp; search; 1000; 11.9.0)",
        "jp.co.yahoo.ipn.appli/4.3", "com.google.GoogleMobile/290.0 (iPhone)", "Viber/21.0", "Tumblr/iPhone/32.0",
        "Feedly/100", "DuckDuckGo/7"})
    BOOST_TEST(!bot(phone + app), app);
  BOOST_TEST(!bot("Instagram 10.26.0 (iPhone7,2; iOS 10_1_1; en_US; scale=2.00) AppleWebKit/420+"));
  BOOST_TEST(!bot("MyApp/1 CFNetwork/1120 Darwin/19.0.0"));
}

BOOST_AUTO_TEST_CASE(odd_phones_readers_and_television_sets_are_peoples) {
  for (const char* agent :
       {"Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; U; Android 4.4; de; CUBOT GT99 Build/KOT49H) AppleWebKit/534.30 Mobile Safari/534.30",
        "Mozilla/5.0 (Linux; Android 7.0; M bot 54) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13; Spider 8) AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36",
        "Mozilla/5.0 (Linux; Android 8.1.0; TurboT Build/O11019.turbot) AppleWebKit/537.36 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 8.1.0; Robot Build/O11019; wv) AppleWebKit/537.36 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile",
        "UCWEB/2.0 (Linux; U; Adr 2.3.5; en-US; GT-S6812) U2/1.0.0 UCBrowser/8.6.0.276 U2/1.0.0 Mobile",
        "UCWEB/2.0 (Java; U; MIDP-2.0; Nokia203/20.37) U2/1.0.0 UCBrowser/8.7.0.218 U2/1.0.0 Mobile",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119 Version/11.10",
        "Nokia6300/2.0 (05.50) Profile/MIDP-2.0 Configuration/CLDC-1.1", "BlackBerry9700/5.0.0.862",
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) TV Safari/537.36",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36",
        "HbbTV/1.2.1 (;Panasonic;VIERA 2015;31.005;8501-0003 0002-0000;)",
        "Mozilla/4.0 (compatible; Linux 2.6.22) NetFront/3.4 Kindle/2.0 (screen 600x800)",
        "Mozilla/5.0 (Linux; U; Android 2.0; en-us;) AppleWebKit/538.1 (Kobo Touch 0384/4.7.10413) Safari/538.1",
        "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/601.6 (KHTML, like Gecko) NF/4.0.0.10.13"})
    BOOST_TEST(!bot(agent), agent);
}

// A device may be called anything, the rest of the user agent may not.
BOOST_AUTO_TEST_CASE(a_bot_on_an_android_is_a_bot) {
  for (const char* agent :
       {"Mozilla/5.0 (Linux; Android 7.0; SomeBot/1.0) AppleWebKit/537.36",
        "Mozilla/5.0 (Linux; Android 7.0; M bot 54) AppleWebKit/537.36 Mobile Safari/537.36 SomeBot",
        "SomeBot (Linux; Android 8.1.0; Robot Build/O11019) AppleWebKit/537.36",
        "Mozilla/5.0 (Linux; Android 8.0; Pixel 2 Build/OPD3.170816.012; DuplexWeb-Google/1.0) Mobile Safari/537.36"})
    BOOST_TEST(bot(agent), agent);
  for (const char* cut_off : {"Mozilla/5.0 (Linux; Android 8", "Mozilla/5.0 (Linux; Android 8; Robot Build/",
                              "Mozilla/5.0 (Linux; Android ;", "Mozilla/5.0 (Linux; Android 8; Robot"})
    BOOST_TEST(!bot(cut_off), cut_off);
}

BOOST_AUTO_TEST_CASE(a_name_is_a_whole_word) {
  for (const char* person : {"curlew/1.0", "mycurl/1.0", "wgetter", "robotic", "abbots2", "nodes/1", "axiosity"})
    BOOST_TEST(!bot(kChrome + person), person);
  for (const char* program : {"curl", "curl/1.0", "curl_1", "curl8", "lib-curl", "mybot", "my_bot", "bots", "BOT/2"})
    BOOST_TEST(bot(kChrome + program), program);
}

BOOST_AUTO_TEST_CASE(only_the_first_bytes_are_looked_at) {
  const std::string padding(clicks::kMaxUserAgent - kChrome.size(), 'x');
  BOOST_TEST(!bot(kChrome + padding + " curl/8"));
  BOOST_TEST(bot(kChrome + "curl/8 " + padding));
}

BOOST_AUTO_TEST_CASE(the_worst_text_costs_little) {
  std::string text = "mozilla/5.0 (x11; ";
  while (text.size() < clicks::kMaxUserAgent) text += "goo .com.a goo@1 ";
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(!bot(text));
  const std::chrono::duration<double, std::micro> each = (std::chrono::steady_clock::now() - start) / 1000;
  BOOST_TEST_MESSAGE("a kilobyte of nearly bots: " << each.count() << " microseconds");
  BOOST_TEST(each.count() < 1000);
}

BOOST_AUTO_TEST_CASE(devices) {
  const auto on = [](const char* agent) { return clicks::device_named_in(agent); };
  BOOST_TEST((on("mozilla/5.0 (windows nt 10.0; win64; x64) chrome/131.0 safari/537.36") == Device::desktop));
  BOOST_TEST((on("mozilla/5.0 (macintosh; intel mac os x 10_15_7) version/17.1 safari/605") == Device::desktop));
  BOOST_TEST((on("mozilla/5.0 (x11; cros x86_64 14541.0.0) chrome/131.0 safari/537.36") == Device::desktop));
  BOOST_TEST((on("mozilla/5.0 (iphone; cpu iphone os 17_1 like mac os x) mobile/15e148") == Device::mobile));
  BOOST_TEST((on("mozilla/5.0 (linux; android 10; k) chrome/131.0 mobile safari/537.36") == Device::mobile));
  BOOST_TEST((on("opera/9.80 (j2me/midp; opera mini/7.1.32052/29.3709; u; en)") == Device::mobile));
  BOOST_TEST((on("mozilla/5.0 (compatible; msie 10.0; windows phone 8.0)") == Device::mobile));
  BOOST_TEST((on("mozilla/5.0 (linux; android 10; k) chrome/131.0 safari/537.36") == Device::tablet));
  BOOST_TEST((on("mozilla/5.0 (ipad; cpu os 15_3 like mac os x) mobile/15e148 safari/604.1") == Device::tablet));
  BOOST_TEST((on("mozilla/5.0 (android 13; tablet; rv:109.0) firefox/115.0") == Device::tablet));
  BOOST_TEST((on("mozilla/5.0 (smart-tv; linux; tizen 6.0) tv safari/537.36") == Device::other));
  BOOST_TEST((on("mozilla/5.0 (playstation 4 3.11) applewebkit/537.73") == Device::other));
  BOOST_TEST((on("curl/8.5.0") == Device::other));
  BOOST_TEST((on("") == Device::other));
}

BOOST_AUTO_TEST_SUITE_END()
