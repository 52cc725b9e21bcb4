// RapidJSON, with its rules (one root, names are strings, arrays end as arrays) as exceptions instead of aborts. Tests
// include it from here, too: its templates must be the same in the whole program.
#pragma once

#include <stdexcept>

#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("JSON is misused: not " #condition))
#define RAPIDJSON_HAS_STDSTRING 1
// RAPIDJSON_SSE2 stays off: in RapidJSON 1.1 its scan lets 0x1A to 0x1F pass unescaped.

#include <rapidjson/document.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
