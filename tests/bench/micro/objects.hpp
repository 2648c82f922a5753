// What the apiserver sends, for benchmarks to read: ServiceAccounts that are Ready, with their managedFields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace platformer::bench::micro {

inline constexpr std::string_view accounts_namespace = "bench";

std::string account_name(std::size_t number);
// A version of ten digits; the same number gives the same text.
std::string version_text(std::uint64_t version);

// One object of about 3.5 kB as compact JSON.
std::string account_text(std::size_t number, std::uint64_t version);
// Where the ten digits of the object's version begin, in an object or event.
std::size_t version_position(const std::string& text);

// A line of a watch: `type` is ADDED, MODIFIED …
std::string event_text(std::string_view type, std::string_view object);
// The bookmark that ends a streamed list.
std::string initial_events_end(std::uint64_t version);

// A list of that many objects, numbers from 0, in one page.
std::string page_text(std::size_t count, std::uint64_t version);

}  // namespace platformer::bench::micro
