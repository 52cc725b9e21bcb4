// Where a page leads by itself, and where it only looks as if it did.
#include "app/check/page_redirect.hpp"

#include <string>

#include "tests/support/boost_test.hpp"

namespace {

const check::Url kPage = check::Url::parse("https://go.example/out/page?id=1").value();

std::string lead(const std::string& html) {
  const check::HtmlDocument page(html);
  const auto redirect = check::client_redirect(page, kPage);
  if (!redirect) return check::unfollowed_script(page, kPage) ? "unfollowed" : "-";
  const std::string& fragment = redirect->url.fragment();
  return std::string(check::hop_kind_name(redirect->kind)) + " " + redirect->url.text() +
         (fragment.empty() ? "" : "#" + fragment);
}

std::string refresh(const std::string& content) {
  return lead("<html><head><meta http-equiv=\"Refresh\" content=\"" + content + "\"></head><body></body>");
}

std::string script(const std::string& text) {
  return lead("<!doctype html><html><head><script>" + text + "</script></head><body></body></html>");
}

const std::string kText(2000, 'x');

}  // namespace

BOOST_AUTO_TEST_SUITE(page_redirect)

BOOST_AUTO_TEST_CASE(refreshes_are_read_as_browsers_read_them) {
  const struct {
    std::string content, lead;
  } cases[] = {{"0;url=https://shop.example/a", "meta https://shop.example/a"},
               {"0; URL='https://shop.example/a'", "meta https://shop.example/a"},
               {" 3 , url = /a?b=1&amp;c=2", "meta https://go.example/a?b=1&c=2"},
               {"0;https://shop.example/a", "meta https://shop.example/a"},
               {"0 https://shop.example/a", "meta https://shop.example/a"},
               {"0.5;url=a", "meta https://go.example/out/a"},
               {".5;url=a", "meta https://go.example/out/a"},
               {"0;url=//shop.example", "meta https://shop.example/"},
               {"0;url='/a'trailing", "meta https://go.example/a"},
               {"0;url=/a#part", "meta https://go.example/a#part"},
               {"0;url=\\a", "meta https://go.example/a"},
               {"10;url=/a", "meta https://go.example/a"},
               {"11;url=/a", "-"},
               {"300;url=/a", "-"},
               {"5", "-"},
               {"5;", "-"},
               {"0;url=page?id=1", "-"},
               {"0;url=https://go.example/out/page?id=1#x", "-"},
               {"0;url=javascript:alert(1)", "-"},
               {"0;url=itms-apps://shop", "-"},
               {"0;url=https://", "-"},
               {"url=/a", "-"},
               {"0x;url=/a", "-"},
               {"", "-"}};
  for (const auto& c : cases) BOOST_TEST(refresh(c.content) == c.lead, c.content << " -> " << refresh(c.content));
  BOOST_TEST(lead("<base href='https://shop.example/x/'><meta http-equiv=refresh content='0;url=y'>" + kText) ==
             "meta https://shop.example/x/y");
}

BOOST_AUTO_TEST_CASE(headers_refresh_too) {
  BOOST_TEST(check::header_redirect("0; url=/a", kPage)->url.text() == "https://go.example/a");
  BOOST_TEST(!check::header_redirect("30; url=/a", kPage).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_for_browsers_without_scripts_only_tells_where_a_script_leads) {
  const std::string meta = "<noscript><meta http-equiv=refresh content='0;url=/plain'></noscript>";
  BOOST_TEST(lead(meta) == "-");
  BOOST_TEST(lead(meta + "<script src='app.js'></script><div id=app></div>") == "-");
  BOOST_TEST(lead("<head>" + meta + "</head><script>location.replace(\"https:\\/\\/shop.example\\/a\")</script>") ==
             "script https://shop.example/a");
  BOOST_TEST(lead(meta + "<script>location.href = build()</script>") == "meta https://go.example/plain");
}

BOOST_AUTO_TEST_CASE(simple_scripts_are_followed) {
  for (const std::string text : {"location = '/a'",
                                 "location.href='/a';",
                                 "window.location.href = \"/a\"",
                                 "window.location=\"/a\"",
                                 "top.location.href='/a'",
                                 "self.location = '/a'",
                                 "document.location.href='/a'",
                                 "document.location='/a'",
                                 "window['location']['href'] = '/a'",
                                 "location.replace('/a')",
                                 "window.location.assign(\"/a\")",
                                 "parent.location.replace('/a');",
                                 "location.href = '/' + 'a'",
                                 "location.href = ('/a')",
                                 "location.href='\\/\\x61'",
                                 "location.href=\"\\u002fa\"",
                                 "location.replace(`/a`)",
                                 "var u='/a'; location = u",
                                 "const base = \"/\"\nlet u = base + 'a'\nwindow.location.href = u\n",
                                 "setTimeout(function(){ location.href='/a' }, 0)",
                                 "setTimeout(function () { window.location='/a'; }, 3000);",
                                 "setTimeout(() => { location='/a' }, 10)",
                                 "setTimeout(() => location.replace('/a'), 10)",
                                 "setTimeout(\"location.href='/a'\", 100)",
                                 "(function(){ location.href='/a' })()",
                                 "(() => { location='/a' })();",
                                 "!function(){location='/a'}()",
                                 "window.onload = function(){ location.href='/a' }",
                                 "document.addEventListener('DOMContentLoaded', function() { location.href = '/a'; });",
                                 "$(function(){ window.location.href='/a' })",
                                 "$(document).ready(function(){ location='/a' })",
                                 "$(location).attr('href', '/a');",
                                 "function go(){ location.href='/a' } go();",
                                 "function go(){ location.href='/a' }\nsetTimeout(go, 50)",
                                 "function go(){location='/a'} setTimeout('go()',50)",
                                 "var go = function(){ location='/a' }; go()",
                                 "function go(){location='/a'} window.onload = go",
                                 "try { window.opener = null } catch (e) {} location.replace('/a')",
                                 "try { location='/a' } catch(e) { }",
                                 "window.opener = null; location.replace(\"\\/a\")",
                                 "// location='/b'\nlocation='/a'",
                                 "/* x */ location='/a'",
                                 "<!--\nlocation.href='/a'\n//-->",
                                 "if (window.ga) { ga('send') }\nlocation.href='/a'",
                                 "if (x) y();\nlocation.href='/a'",
                                 "location.href = decodeURIComponent('%2Fa')",
                                 "var s = /location='x'/; location='/a'",
                                 "var o = { a: 1, b: { c: 2 } }; location='/a'",
                                 "dataLayer.push({event: 'x'});location.href='/a'",
                                 "function f(){ location='/b' } location='/a'"})
    BOOST_TEST(script(text) == "script https://go.example/a", text << " -> " << script(text));
  BOOST_TEST(lead("<script>function go(){location.href='/a'}</script><body onload='go()'>") ==
             "script https://go.example/a");
  BOOST_TEST(lead("<body onload=\"window.location='/a'\">Wait") == "script https://go.example/a");
  BOOST_TEST(lead("<script>var u='/a'</script><script>location=u</script>") == "script https://go.example/a");
}

BOOST_AUTO_TEST_CASE(what_does_not_run_is_not_followed) {
  for (const std::string text : {"function go(){ location.href='/a' }",
                                 "button.onclick = function(){ location.href='/a' }",
                                 "b.addEventListener('click', function(){ location.href='/a' })",
                                 "b.addEventListener('click', () => location='/a')",
                                 "$('#buy').click(function(){ location='/a' })",
                                 "// location.href='/a'",
                                 "/* location.href='/a' */",
                                 "var s = \"location.href='/a'\"",
                                 "location.reload()",
                                 "location.hash = 'a'",
                                 "location.href",
                                 "map.location = '/a'",
                                 "var location_url = '/a'",
                                 "if (location == '/a') x()",
                                 "location == '/a'",
                                 "if (top != self) top.location = self.location",
                                 "if (top !== self) { top.location.href = self.location.href }",
                                 "top.location = self.location",
                                 "location.href = location.href",
                                 "setTimeout(function(){ location='/a' }, 60000)",
                                 "var o = { go: function(){ location.href='/a' } }",
                                 "a.b = function(){ location = '/a' }",
                                 "location.href='/out/page?id=1'",
                                 "",
                                 "}}}}",
                                 "((((",
                                 "'",
                                 "location",
                                 "location.",
                                 "location.href ="})
    BOOST_TEST(script(text).find("script") == std::string::npos, text << " -> " << script(text));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_said) {
  for (const std::string text :
       {"location.href = atob('aHR0cHM6Ly9')", "location.replace(build(1))", "var u = f(); location = u",
        "location.href = base + '/a'", "if (/Mobile/.test(navigator.userAgent)) location.href='/m'; else location='/d'",
        "document.forms[0].submit()", "var u = '/a'; u += '/b'; location = u", "ok && (location.href = '/a')"})
    BOOST_TEST(script(text) == "unfollowed", text << " -> " << script(text));
}

BOOST_AUTO_TEST_CASE(a_page_to_read_is_no_redirect_page) {
  BOOST_TEST(lead("<script>location.href='/a'</script><p>" + kText) == "-");
  BOOST_TEST(lead("<script>location.href=f()</script><p>" + kText) == "-");
  BOOST_TEST(lead("<script src=app.js></script><script>if (old) location.href='/old'</script><div id=app></div>") ==
             "-");
  BOOST_TEST(lead("<script type='application/json'>location.href='/a'</script>") == "-");
}

BOOST_AUTO_TEST_SUITE_END()
