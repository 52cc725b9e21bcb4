#include "app/check/tracking.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace check {
namespace {

template <std::size_t size>
bool has(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 27> kAffiliate{
    "tag",      "aff",           "aff_id",         "affid",      "affiliate", "affiliate_id", "affiliateid",
    "aff_code", "affcode",       "affiliate_code", "a_aid",      "ref",       "refid",        "ref_id",
    "referral", "referral_code", "partner",        "partner_id", "partnerid", "via",          "fpr",
    "rfsn",     "campid",        "associate",      "sca_ref",    "fp_ref",    "gspk"};
constexpr std::array<std::string_view, 6> kWeak{"ref", "partner", "via", "refid", "associate", "referral"};
constexpr std::array<std::string_view, 31> kClick{
    "irclickid",   "clickid",   "click_id",       "awc",         "cjevent",
    "sscid",       "ransiteid", "raneaid",        "ranmid",      "tduid",
    "irgwc",       "clickref",  "cfclick",        "avad",        "wgu",
    "hop",         "hopid",     "gsxid",          "ps_xid",      "clkid",
    "admitad_uid", "aff_fcid",  "transaction_id", "tracking_id", "a8",
    "at_gd",       "ttid",      "hsrc",           "dci",         "belboon",
    "im_ref"};
constexpr std::array<std::string_view, 34> kNoise{
    "gclid",     "gbraid", "wbraid", "fbclid", "msclkid",  "dclid",     "yclid",      "mc_cid",  "mc_eid",
    "igshid",    "_ga",    "_gl",    "subid",  "sub_id",   "sid",       "sessionid",  "session", "jsessionid",
    "phpsessid", "cid",    "source", "src",    "medium",   "campaign",  "campaignid", "cmpid",   "cmp",
    "icid",      "intcid", "psc",    "th",     "linkcode", "ascsubtag", "srsltid"};
constexpr std::array<std::string_view, 14> kPlaces{"nav",        "home",   "homepage", "menu",   "header",
                                                   "footer",     "search", "category", "banner", "email",
                                                   "newsletter", "hp",     "related",  "cart"};

}  // namespace

bool is_affiliate_name(std::string_view name) {
  return has(kAffiliate, lower_ascii(name)) || is_click_name(name);
}

bool is_weak_name(std::string_view name) {
  return has(kWeak, lower_ascii(name));
}

bool is_own_value(std::string_view value) {
  const std::string plain = lower_ascii(value);
  if (has(kPlaces, plain)) return true;
  for (const std::string_view start : {"sr_", "nav_", "nb_", "hp_", "home_", "breadcrumb", "pd_", "cm_", "menu_"})
    if (plain.starts_with(start)) return true;
  return false;
}

bool is_click_name(std::string_view name) {
  return has(kClick, lower_ascii(name));
}

bool only_tracks(std::string_view name) {
  const std::string plain = lower_ascii(name);
  if (plain.starts_with("utm_") || plain.starts_with("pk_") || plain.starts_with("mtm_") || plain.starts_with("hsa_"))
    return true;
  return has(kNoise, plain) || is_affiliate_name(plain);
}

bool holds_word(std::string_view text, std::string_view word) {
  const auto goes_on = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if ((at == 0 || !goes_on(at - 1)) && !goes_on(at + word.size())) return true;
  return false;
}

}  // namespace check
