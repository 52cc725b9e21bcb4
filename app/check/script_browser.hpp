// Chains that have come to a page which only a browser can read: a few at once, the others wait. Knows no network.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "app/check/background.hpp"
#include "app/check/chain.hpp"
#include "app/check/fetch_options.hpp"

namespace check {

class ScriptBrowser {
 public:
  using Then = std::function<void(Chain::Next)>;

  explicit ScriptBrowser(const FetchOptions& options);
  ~ScriptBrowser();  // ends the browsers that run
  ScriptBrowser(const ScriptBrowser&) = delete;
  ScriptBrowser& operator=(const ScriptBrowser&) = delete;

  // Calls it from within deliver(). A chain whose turn comes too late, because so many wait, ends without a conclusion.
  void follow(const std::shared_ptr<Chain>& chain, Then then);
  void deliver() { background_.deliver(); }
  int event_fd() const { return background_.event_fd(); }  // readable when deliver() has something

 private:
  std::string run(Chain& chain, Chain::Next& next) const;
  void tell(const std::string& fault);

  const FetchOptions options_;  // a copy that nobody writes to: the threads copy its guard in turn
  std::atomic<bool> over_{false};
  bool told_ = false;
  Background background_;
};

}  // namespace check
