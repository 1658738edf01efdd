#include "bench/result_file.hpp"

namespace orrery {

ResultFile::ResultFile(const std::string& path) : file_("", path) {}

void ResultFile::write(const std::string& text) {
  file_.write(text);
  file_.take_name();
}

}  // namespace orrery
