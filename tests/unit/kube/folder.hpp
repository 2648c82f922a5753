// A temporary folder with files, gone at the end of the test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace platformer::kube::testing {

class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "kube-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path path(const std::string& name = {}) const {
    return name.empty() ? path_ : path_ / name;
  }
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << content;
    return path_ / name;
  }
  std::filesystem::path script(const std::string& name, const std::string& body) const {
    const auto made = write(name, "#!/bin/sh\n" + body);
    std::filesystem::permissions(made, std::filesystem::perms::owner_all);
    return made;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace platformer::kube::testing
