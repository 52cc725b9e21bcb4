// What texts must look like to be good values of settings.
#pragma once

#include <string_view>

namespace base {

bool is_origin(std::string_view url);  // "https://HOST" or "https://HOST:PORT"
bool is_connection_string(std::string_view text);
bool is_connection_string_or_empty(std::string_view text);
bool is_socket_folder(std::string_view path);
bool is_absolute(std::string_view path);
bool is_absolute_or_empty(std::string_view path);
bool is_program(std::string_view text);
bool is_plan_name(std::string_view text);
bool is_durability(std::string_view text);
bool is_header_value(std::string_view text);
bool is_list_of_ports(std::string_view text);

}  // namespace base
