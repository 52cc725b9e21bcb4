// Whether a connection has something to be read.
#pragma once

namespace server {

enum class Input { none, there, abandoned };  // abandoned: the peer has closed it, whatever it wrote before

Input wait_for_input(int connection, int milliseconds);

bool has_input_now(int connection);

}  // namespace server
