#include "io/unfinished_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "core/error.hpp"

namespace orrery {

UnfinishedFile::UnfinishedFile(std::string option, std::string path)
    : option_(std::move(option)), path_(std::move(path)), part_path_(part_path_of(path_)) {}

UnfinishedFile::~UnfinishedFile() {
  if (!finished_) unlink(part_path_.c_str());
}

void UnfinishedFile::finish() {
  if (std::rename(part_path_.c_str(), path_.c_str()) != 0)
    throw Error(ExitCode::output, "cannot write " + option_ + " '" + path_ + "': " + system_message(errno));
  finished_ = true;
}

}  // namespace orrery
