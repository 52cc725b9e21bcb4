#include "app/check/tag_tracking.hpp"

#include <algorithm>

#include "app/check/carried_urls.hpp"
#include "app/check/landing.hpp"
#include "app/check/tracking.hpp"
#include "app/check/url_compare.hpp"

namespace check {
namespace {

using Chain = std::vector<Url>;
using Names = std::vector<std::string>;

struct Carried {
  UrlParameter parameter;
  const Url* owner = nullptr;  // the URL that has it: the hop's, or one that it carries
  bool in_fragment = false;    // which no server gets, and a browser keeps over a redirect
};

// Everything that a hop's URL says, in itself and in the URLs that it carries.
class HopParameters {
 public:
  explicit HopParameters(const Url& url) : urls_(carried_urls(url)) {
    urls_.insert(urls_.begin(), url);
    for (const Url& each : urls_) {
      for (UrlParameter& parameter : each.parameters()) all_.push_back({std::move(parameter), &each});
      for (UrlParameter& parameter : each.fragment_parameters()) all_.push_back({std::move(parameter), &each, true});
    }
  }
  HopParameters(HopParameters&&) = default;

  const Url& own() const { return urls_.front(); }
  const std::vector<Carried>& all() const { return all_; }

  const Carried* find(std::string_view name) const {
    const auto same = [&](const Carried& c) {
      return !c.parameter.value.empty() && lower_ascii(c.parameter.name) == lower_ascii(name);
    };
    const auto found = std::find_if(all_.begin(), all_.end(), same);
    return found == all_.end() ? nullptr : &*found;
  }

  // By value, whatever its name: a redirector may rename it, or have it in its path.
  bool has_value(std::string_view value) const {
    constexpr std::size_t kTelling = 5;
    if (value.size() < kTelling) return false;
    const std::string plain = lower_ascii(value);  // some shops write whole URLs in lower case
    const auto same = [&](const Carried& c) { return lower_ascii(c.parameter.value) == plain; };
    const bool in_path = urls_[0].path().find(value) != std::string::npos;
    return in_path || std::any_of(all_.begin(), all_.end(), same);
  }

 private:
  std::vector<Url> urls_;
  std::vector<Carried> all_;
};

bool has_name(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const auto& n) { return lower_ascii(n) == lower_ascii(name); });
}

class Tracker {
 public:
  Tracker(const Chain& chain, const Expectations& expectations, const std::vector<Hop>& answers)
      : chain_(chain), expectations_(expectations), answers_(answers) {
    for (const Url& url : chain) {
      hops_.emplace_back(url);
      programs_.push_back(program_of(url, expectations.programs));
    }
    name_program();
    if (expectations.baseline)
      if (const auto baseline = Url::parse(*expectations.baseline)) baseline_.emplace(*baseline);
  }

  std::optional<LostTag> lost() const {
    if (auto click = click_lost()) return click;
    if (auto identity = identity_lost()) return identity;
    if (auto generic = generic_lost()) return generic;
    return baseline_lost();
  }

 private:
  // A network's host that the table does not know, where the link itself says whose it is.
  void name_program() {
    const auto known = [](const db::Program* program) { return program != nullptr; };
    if (!expectations_.program || std::any_of(programs_.begin(), programs_.end(), known)) return;
    for (const db::Program& program : expectations_.programs)
      if (program.name == *expectations_.program && is_network(program) && !same_shop(chain_.front(), chain_.back()))
        programs_.front() = &program;
  }

  std::size_t last() const { return chain_.size() - 1; }

  bool baseline_lacks(std::string_view name) const { return baseline_ && baseline_->find(name) == nullptr; }

  const db::Program* program(std::size_t hop) const { return programs_[hop]; }

  // A program whose merchants are other hosts than its own.
  static bool is_network(const db::Program& program) {
    return program.identity_parameters != program.click_parameters || program.click_parameters.empty();
  }

  // The last hop that has any of these; nullopt: none from `first` on.
  std::optional<std::size_t> last_with(const Names& names, std::size_t first) const {
    for (std::size_t hop = chain_.size(); hop-- > first;)
      for (const std::string& name : names)
        if (hops_[hop].find(name) != nullptr) return hop;
    return std::nullopt;
  }

  // Behind a network's host the merchant gets one of the parameters that count the sale.
  std::optional<LostTag> click_lost() const {
    std::size_t network = chain_.size();
    for (std::size_t hop = 0; hop < last(); ++hop)
      if (program(hop) != nullptr && is_network(*program(hop))) network = hop;
    if (network >= last() || program(network)->click_parameters.empty()) return std::nullopt;
    const Names& names = program(network)->click_parameters;
    if (program(network + 1) != nullptr && !is_network(*program(network + 1))) return std::nullopt;  // handed on
    if (baseline_ && std::all_of(names.begin(), names.end(), [&](const auto& n) { return baseline_lacks(n); }))
      return std::nullopt;
    const auto with = last_with(names, network + 1);
    if (with == last() || (with && (arrives_renamed(*with, names) || kept_any(*with, names)))) return std::nullopt;
    // A network that adds nothing may count by other means: it is a loss only where it was seen to add something.
    if (!with && (!baseline_ || marks_click(network))) return std::nullopt;
    const std::string name = with ? found_name(*with, names) : names.front();
    return LostTag{.hop = with.value_or(network), .parameter = name, .never_given = !with};
  }

  // The end has the value of one of these, by a name of its own.
  bool arrives_renamed(std::size_t hop, const Names& names) const {
    return std::any_of(names.begin(), names.end(), [&](const auto& name) {
      const Carried* const found = hops_[hop].find(name);
      return found != nullptr && hops_.back().has_value(found->parameter.value);
    });
  }

  // The shop took the value into a cookie of its own, and led to the same page without it: that is how it counts.
  bool kept_in_cookie(std::size_t hop, std::string_view value) const {
    constexpr std::size_t kTelling = 3;
    return hop < answers_.size() && value.size() >= kTelling && same_shop(chain_[hop], chain_.back()) &&
           holds_word(answers_[hop].cookies, value);
  }

  bool kept_any(std::size_t hop, const Names& names) const {
    return std::any_of(names.begin(), names.end(), [&](const auto& name) {
      const Carried* const found = hops_[hop].find(name);
      return found != nullptr && kept_in_cookie(hop, found->parameter.value);
    });
  }

  // The hop gave the next one something that looks like the mark of a click, by a name that no table knows.
  bool marks_click(std::size_t hop) const {
    constexpr std::size_t kMark = 6;
    for (const UrlParameter& parameter : chain_[hop + 1].parameters()) {
      const bool telling =
          parameter.value.size() >= kMark && parameter.value.find_first_of("0123456789") != std::string::npos;
      if (telling && !parameter.name.starts_with("utm_") && hops_[hop].find(parameter.name) == nullptr) return true;
    }
    return false;
  }

  std::string found_name(std::size_t hop, const Names& names) const {
    for (const std::string& name : names)
      if (const Carried* const found = hops_[hop].find(name))
        return found->parameter.name + "=" + found->parameter.value;
    return names.front();
  }

  // What says, at the program's own hosts, whose the link is, where the program is the merchant.
  std::optional<LostTag> identity_lost() const {
    for (std::size_t hop = 0; hop < last(); ++hop)
      for (const Carried& carried : hops_[hop].all()) {
        const db::Program* const own = program_of(*carried.owner, expectations_.programs);
        if (own == nullptr || is_network(*own) || carried.parameter.value.empty() || carried.in_fragment) continue;
        if (!has_name(own->identity_parameters, carried.parameter.name) || program(last()) != own) continue;
        if (auto lost = follow(hop, carried)) return lost;
      }
    return std::nullopt;
  }

  // Names that are common, for links of no program that is known.
  std::optional<LostTag> generic_lost() const {
    for (std::size_t hop = 0; hop < last(); ++hop)
      for (const Carried& carried : hops_[hop].all()) {
        const UrlParameter& parameter = carried.parameter;
        if (parameter.value.empty() || carried.in_fragment) continue;
        if (!is_affiliate_name(parameter.name) || is_own_value(parameter.value)) continue;
        if (program_of(*carried.owner, expectations_.programs) != nullptr || handed_over(hop, carried)) continue;
        if (is_weak_name(parameter.name) && another_arrives(parameter.name)) continue;
        if (auto lost = follow(hop, carried)) return lost;
      }
    return std::nullopt;
  }

  // What the last healthy end had, and this one has not: the parameter by which the shop's own program pays, or one
  // whose name says as much. No hop had it, so it is the last redirect that did not give it.
  std::optional<LostTag> baseline_lost() const {
    if (!baseline_ || !same_shop(baseline_->own(), chain_.back())) return std::nullopt;
    const db::Program* const own = program_of(chain_.back(), expectations_.programs);
    for (const Carried& carried : baseline_->all()) {
      const UrlParameter& parameter = carried.parameter;
      const bool pays = own != nullptr && !is_network(*own) && has_name(own->identity_parameters, parameter.name);
      const bool weak = is_weak_name(parameter.name) || is_click_name(parameter.name);
      const bool named = is_affiliate_name(parameter.name) && !(weak && another_arrives(parameter.name));
      if (carried.owner != &baseline_->own() || parameter.value.empty() || !(pays || named)) continue;
      const Carried* const found = hops_.back().find(parameter.name);
      if (found != nullptr && (!pays || found->parameter.value == parameter.value)) continue;
      return LostTag{.hop = last() > 0 ? last() - 1 : 0,
                     .parameter = parameter.name + "=" + parameter.value,
                     .changed = found != nullptr};
    }
    return std::nullopt;
  }

  // It is another's host that the chain ends at: what the first one was told was for itself, if it told the next one
  // anything in its place.
  bool handed_over(std::size_t hop, const Carried& carried) const {
    const Url& owner = *carried.owner;
    const bool redirector = is_redirector(owner) && !same_host(owner, chain_.back());
    const bool moved_page = names_product(owner) && plain_path(owner) == plain_path(chain_.back());
    if (!redirector && (same_shop(owner, chain_.back()) || moved_page)) return false;
    return is_weak_name(carried.parameter.name) || carried.owner != &hops_[hop].own() || tells_anything(hop);
  }

  // Some hop behind this one gets a parameter that is not the name of a campaign.
  bool tells_anything(std::size_t hop) const {
    for (std::size_t later = hop + 1; later <= last(); ++later)
      for (const UrlParameter& parameter : chain_[later].parameters())
        if (!parameter.value.empty() && !lower_ascii(parameter.name).starts_with("utm_")) return true;
    return false;
  }

  bool another_arrives(std::string_view but) const {
    return std::any_of(hops_.back().all().begin(), hops_.back().all().end(), [&](const Carried& carried) {
      return is_affiliate_name(carried.parameter.name) && !carried.parameter.value.empty() &&
             lower_ascii(carried.parameter.name) != lower_ascii(but);
    });
  }

  // Whether a parameter that this hop has arrives; if not, where it was seen last.
  std::optional<LostTag> follow(std::size_t hop, const Carried& carried) const {
    const UrlParameter& parameter = carried.parameter;
    const std::string told = parameter.name + "=" + parameter.value;
    if (baseline_lacks(parameter.name)) return std::nullopt;
    std::size_t seen = hop;
    for (std::size_t later = hop + 1; later <= last(); ++later) {
      const Carried* const found = hops_[later].find(parameter.name);
      if (found != nullptr && lower_ascii(found->parameter.value) != lower_ascii(parameter.value) &&
          !hops_[later].has_value(parameter.value) && !is_click_name(parameter.name))
        return LostTag{.hop = later - 1, .parameter = told, .changed = true};
      if (found != nullptr || hops_[later].has_value(parameter.value)) seen = later;
    }
    if (seen == last() || exchanged(seen) || kept_in_cookie(seen, parameter.value)) return std::nullopt;
    return LostTag{.hop = seen, .parameter = told};
  }

  // The hop took the parameter and gave one that counts a click.
  bool exchanged(std::size_t hop) const {
    for (const Carried& carried : hops_.back().all())
      if (is_click_name(carried.parameter.name) && !carried.parameter.value.empty() &&
          hops_[hop].find(carried.parameter.name) == nullptr)
        return true;
    return false;
  }

  const Chain& chain_;
  const Expectations& expectations_;
  const std::vector<Hop>& answers_;
  std::vector<HopParameters> hops_;
  std::vector<const db::Program*> programs_;
  std::optional<HopParameters> baseline_;
};

}  // namespace

std::optional<LostTag> lost_tag(const Chain& chain, const Expectations& expectations, const std::vector<Hop>& hops) {
  if (chain.size() < 2) return std::nullopt;
  return Tracker(chain, expectations, hops).lost();
}

const db::Program* program_of(const Url& url, std::span<const db::Program> programs) {
  const db::Program* best = nullptr;
  std::size_t longest = 0;
  for (const db::Program& program : programs)
    for (const std::string& host : program.hosts)
      if (host.size() > longest && within_host(url.host(), host)) {
        best = &program;
        longest = host.size();
      }
  return best;
}

}  // namespace check
