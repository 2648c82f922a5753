// Dependencies run one way, and what decides stays free of effects: checked on the include lines and on the
// link line.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/house/sources.hpp"

namespace platformer::test {
namespace {

struct folder_rule {
  std::string folder;
  std::vector<std::string> may_include;  // of our folders, besides itself
  bool pure;                             // no network, no TLS, no clock, no randomness, no files
};

const std::vector<folder_rule> rules{
    {"operator/base", {}, true},
    {"operator/model", {"operator/base"}, true},
    {"operator/runtime", {"operator/base", "operator/model"}, true},
    {"controllers", {"operator/base", "operator/model", "operator/runtime"}, true},
    {"tests/models", {"operator/base", "operator/model", "operator/runtime", "controllers"}, true},
    {"operator/net", {"operator/base", "operator/model", "operator/runtime"}, false},
    {"operator/kube", {"operator/base", "operator/model", "operator/runtime", "operator/net"}, false},
    {"operator/console", {"operator/base", "operator/model", "operator/runtime", "operator/net"}, false},
};

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
}

struct link_line {
  std::string folder;
  std::vector<std::string> libraries;
};

std::vector<link_line> link_lines() {
  std::vector<link_line> found;
  std::ifstream file(PLATFORMER_LINK_LINES);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    link_line entry;
    words >> entry.folder;
    for (std::string word; words >> word;)
      entry.libraries.push_back(word);
    if (!entry.folder.empty()) found.push_back(entry);
  }
  return found;
}

TEST(folder_rules, a_folder_includes_only_the_folders_below_it) {
  for (const auto& rule : rules) {
    for (const auto& [file, header] : includes_in(rule.folder)) {
      const std::string target = folder_of_header(header);
      const bool allowed = target.empty() || target == rule.folder ||
                           std::ranges::find(rule.may_include, target) != rule.may_include.end();
      EXPECT_TRUE(allowed) << file << " includes " << header;
    }
  }
}

TEST(folder_rules, pure_folders_include_no_asio_beast_or_openssl) {
  for (const auto& rule : rules) {
    if (!rule.pure) continue;
    for (const auto& [file, header] : includes_in(rule.folder)) {
      EXPECT_FALSE(
          starts_with_any(header, {"boost/asio", "boost/beast", "openssl/", "sys/socket", "netinet/"}))
          << file << " includes " << header;
    }
  }
}

TEST(folder_rules, pure_folders_link_no_asio_beast_or_openssl) {
  for (const auto& [folder, libraries] : link_lines()) {
    const auto rule =
        std::ranges::find_if(rules, [&](const auto& r) { return folder.starts_with(r.folder); });
    if (rule == rules.end() || !rule->pure) continue;
    for (const auto& library : libraries) {
      const bool shell = library == "platformer::net" || library == "platformer::kube" ||
                         library == "platformer::console" || library == "platformer::app";
      EXPECT_FALSE(shell || starts_with_any(library, {"OpenSSL::", "platformer_asio", "ssl", "crypto"}))
          << folder << " links " << library;
    }
  }
}

TEST(folder_rules, every_pure_library_is_seen_by_the_link_test) {
  const auto lines = link_lines();
  for (const auto& rule : rules) {
    if (sources_in(rule.folder).empty()) continue;
    EXPECT_TRUE(std::ranges::any_of(lines, [&](const auto& l) { return l.folder.starts_with(rule.folder); }))
        << rule.folder << " has no platformer_library";
  }
}

TEST(folder_rules, what_decides_asks_no_clock_and_throws_no_dice) {
  const std::vector<std::string> effects{"_clock::now", "random_device",    "mt19937",
                                         "std::rand",   "ifstream",         "ofstream",
                                         "getenv(",     "std::this_thread", "std::async"};
  for (const auto& rule : rules) {
    if (!rule.pure || rule.folder == "operator/base") continue;
    for (const auto& file : sources_in(rule.folder)) {
      for (const auto& line : file.lines) {
        for (const auto& effect : effects) {
          EXPECT_EQ(line.find(effect), std::string::npos) << file.path << ": " << line;
        }
      }
    }
  }
}

TEST(folder_rules, umbrella_headers_of_boost_are_not_included) {
  for (const std::string folder : {"operator", "controllers", "tests"}) {
    for (const auto& [file, header] : includes_in(folder)) {
      EXPECT_TRUE(header != "boost/asio.hpp" && header != "boost/beast.hpp")
          << file << " includes " << header;
    }
  }
}

}  // namespace
}  // namespace platformer::test
