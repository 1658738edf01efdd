#include "bench/result_file.hpp"

#include <cerrno>
#include <filesystem>

#include "core/error.hpp"

namespace orrery {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw Error(ExitCode::output, "cannot write '" + path + "': " + problem);
}

}  // namespace

ResultFile::ResultFile(const std::string& path) : path_(path) {
  errno = 0;
  stream_.open(path, std::ios::app);
  if (!stream_) refuse(path, system_message(errno));
}

void ResultFile::write(const std::string& text) {
  std::error_code status;
  if (std::filesystem::is_regular_file(path_, status)) std::filesystem::resize_file(path_, 0, status);
  errno = 0;
  if (status || !(stream_ << text << std::flush)) {
    refuse(path_, status ? status.message() : system_message(errno));
  }
}

}  // namespace orrery
