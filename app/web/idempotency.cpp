#include "app/web/idempotency.hpp"

#include <algorithm>
#include <optional>

#include "app/base/crypto.hpp"

namespace web {
namespace {

constexpr std::size_t kMaxWord = 255;

std::string require_word(const http::Request& request) {
  const auto word = request.header("idempotency-key");
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (plain && word.size() <= kMaxWord) return std::string(word);
  throw http::Problem(400, "invalid_idempotency_key",
                      "Idempotency-Key must be 1 to 255 visible ASCII characters: a new UUID for each thing to do.");
}

// Each part with its length, so that no two requests look alike.
db::Digest digest_of(const http::Request& request) {
  std::string all;
  for (const std::string_view part :
       {std::string_view(request.method), std::string_view(request.path), std::string_view(request.query),
        request.header("content-type"), std::string_view(request.body)})
    all.append(std::to_string(part.size())).append(":").append(part);
  return base::sha256(all);
}

http::Problem in_progress() {
  http::Problem problem(409, "idempotency_in_progress",
                        "The first request with this Idempotency-Key is still at work. Ask again in a moment.");
  problem.with_header("Retry-After", "1");
  return problem;
}

http::Problem reused() {
  return {
      422, "idempotency_key_reused",
      "This Idempotency-Key was sent with another request within the last 24 hours. Use a new one for a new thing."};
}

std::string join(const std::vector<http::Header>& headers) {
  std::string lines;
  for (const auto& [name, value] : headers) lines.append(name).append(": ").append(value).append("\n");
  return lines;
}

http::Response replay(const db::StoredAnswer& stored) {
  http::Response response;
  response.status = stored.status;
  std::string_view lines = stored.headers;
  while (!lines.empty()) {
    const auto colon = lines.find(": ");
    const auto end = lines.find('\n');
    response.set(std::string(lines.substr(0, colon)), std::string(lines.substr(colon + 2, end - colon - 2)));
    lines.remove_prefix(end + 1);
  }
  response.set("Idempotency-Replayed", "true");
  response.body = stored.body;
  return response;
}

}  // namespace

// A refusal is an answer, too, and what was begun before it is undone.
http::Response Idempotency::perform(const std::function<http::Response()>& handle, db::Database& database) const {
  http::Response response;
  try {
    database.undo_if_thrown([&] { response = handle(); });
  } catch (const http::Problem& problem) {
    if (problem.status() >= 500) throw;
    response = render_(problem);
  }
  return response;
}

http::Response Idempotency::answer(const http::Request& request, Context& context,
                                   const std::function<http::Response()>& handle) const {
  const db::IdempotencyKey key{context.identity.account_id, context.identity.key_id, require_word(request)};
  const auto digest = digest_of(request);
  auto& kept = context.database.idempotency();
  http::Response response;
  context.database.together("answer once", [&] {
    if (!kept.take(key)) throw in_progress();
    if (const auto stored = kept.find(key)) {
      if (stored->request_digest != digest) throw reused();
      response = replay(*stored);
      return;
    }
    response = perform(handle, context.database);
    kept.store(key, {digest, response.status, join(response.headers), response.body});
  });
  return response;
}

}  // namespace web
