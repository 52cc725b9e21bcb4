// Source of the reading of refreshes: WHATWG HTML, section 4.2.5.3, "shared declarative refresh steps".
#include "app/check/page_redirect.hpp"

#include <algorithm>

#include "app/check/page_text.hpp"
#include "app/check/script_redirect.hpp"
#include "app/check/url.hpp"

namespace check {
namespace {

constexpr int kMaxDelay = 10;                  // seconds; a page that changes later is one to read
constexpr std::size_t kMaxText = 600;          // bytes that a redirect page shows, at most
constexpr std::size_t kMaxScript = 128 << 10;  // bytes of scripts that are looked at

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

// Takes the seconds off; nullopt: there are none. Fractions do not count.
std::optional<int> take_delay(std::string_view& text) {
  skip_spaces(text);
  int delay = -1;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1))
    delay = std::min(std::max(delay, 0) * 10 + (text[0] - '0'), 1'000'000);
  if (delay < 0 && !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of("0123456789."), text.size()));
  return std::max(delay, 0);
}

// "url" and "=" in front of it.
void skip_label(std::string_view& text) {
  if (lower_ascii(text.substr(0, 3)) != "url") return;
  std::string_view rest = text.substr(3);
  skip_spaces(rest);
  if (!rest.starts_with('=')) return;
  rest.remove_prefix(1);
  skip_spaces(rest);
  text = rest;
}

std::optional<std::string> refresh_reference(std::string_view text) {
  const auto delay = take_delay(text);
  if (!delay || *delay > kMaxDelay || text.empty()) return std::nullopt;
  if (!is_space(text[0]) && text[0] != ';' && text[0] != ',') return std::nullopt;
  skip_spaces(text);
  if (text.starts_with(';') || text.starts_with(',')) text.remove_prefix(1);
  skip_spaces(text);
  skip_label(text);
  if (text.starts_with('"') || text.starts_with('\'')) {
    const char quote = text[0];
    text.remove_prefix(1);
    text = text.substr(0, text.find(quote));
  }
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

// Where a reference leads that is not to the page itself.
std::optional<ClientRedirect> lead(HopKind kind, const std::optional<std::string>& reference, const Url& base,
                                   const Url& own) {
  if (!reference) return std::nullopt;
  auto url = base.resolve(*reference);
  if (!url || url->text() == own.text()) return std::nullopt;
  return ClientRedirect{kind, std::move(*url)};
}

// What the page says of where it leads.
struct Leads {
  std::optional<std::string> meta;
  std::optional<std::string> meta_without_scripts;  // in a <noscript>
  std::optional<std::string> base;
  std::string scripts;
  bool outside_scripts = false;
};

bool is_script(std::string_view type) {
  const std::string kind = lower_ascii(type);
  return kind.empty() || kind == "module" || kind.find("javascript") != std::string::npos;
}

void read_script(const HtmlDocument& page, std::size_t index, Leads& leads) {
  const HtmlNode& node = page.nodes()[index];
  if (!is_script(node.attribute("type"))) return;
  leads.outside_scripts = leads.outside_scripts || node.has("src");
  for (std::size_t i = index + 1; i < node.end && leads.scripts.size() < kMaxScript; ++i)
    leads.scripts.append(page.nodes()[i].text.substr(0, kMaxScript)).append("\n;\n");
}

Leads read_leads(const HtmlDocument& page) {
  Leads leads;
  std::size_t without_scripts = 0;  // up to this node, which a browser with scripts does not read
  std::string at_load;
  for (std::size_t i = 0; i < page.nodes().size(); ++i) {
    const HtmlNode& node = page.nodes()[i];
    if (node.tag == "noscript") without_scripts = node.end;
    if (node.tag == "base" && !leads.base && node.has("href")) leads.base = node.attribute("href");
    if (node.tag == "script") read_script(page, i, leads);
    if (node.tag == "body") at_load = node.attribute("onload");
    if (node.tag != "meta" || lower_ascii(node.attribute("http-equiv")) != "refresh") continue;
    auto& meta = i < without_scripts ? leads.meta_without_scripts : leads.meta;
    if (!meta) meta = refresh_reference(node.attribute("content"));
  }
  leads.scripts += at_load;
  return leads;
}

bool has_little_to_read(const HtmlDocument& page) {
  return visible_text(page, 0, kMaxText + 1).size() <= kMaxText;
}

Url base_of(const Leads& leads, const Url& page) {
  return leads.base ? page.resolve(*leads.base).value_or(page) : page;
}

}  // namespace

std::optional<ClientRedirect> header_redirect(std::string_view refresh, const Url& own) {
  return lead(HopKind::meta, refresh_reference(refresh), own, own);
}

std::optional<ClientRedirect> client_redirect(const HtmlDocument& page, const Url& own) {
  const Leads leads = read_leads(page);
  const Url base = base_of(leads, own);
  if (auto meta = lead(HopKind::meta, leads.meta, base, own)) return meta;
  if (!leads.scripts.empty() && has_little_to_read(page)) {
    const ScriptRedirect script = script_redirect(leads.scripts);
    if (auto scripted = lead(HopKind::script, script.reference, base, own)) return scripted;
    // Browsers with scripts do not read it, but it says where the script leads that cannot be told.
    if (script.computed) return lead(HopKind::meta, leads.meta_without_scripts, base, own);
  }
  return std::nullopt;
}

bool unfollowed_script(const HtmlDocument& page, const Url& own) {
  if (!has_little_to_read(page) || client_redirect(page, own)) return false;
  const Leads leads = read_leads(page);
  const ScriptRedirect script = script_redirect(leads.scripts);
  return script.computed || (script.conditional && !leads.outside_scripts);
}

}  // namespace check
