// Networks' deep links: the URL that a visitor is to be sent to, in the parameters or the path of another.
#pragma once

#include <vector>

#include "app/check/url.hpp"

namespace check {

// URLs that the parameters of another carry: a network's deep link. At most 8, two deep.
std::vector<Url> carried_urls(const Url& url);

}  // namespace check
