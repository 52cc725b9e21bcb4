#include "app/shm/rate_limiter.hpp"

namespace shm {

template class BasicRateLimiter<Machine>;

}  // namespace shm
